package io.holdfast.node.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FreePortsTest {
    @Test
    void theFirstRangeIsTakenWhenItIsFree() throws Exception {
        assertEquals(7600, new FreePorts(port -> true, 7600).rangeFor(3));
    }

    @Test
    void aRangeWithOneTakenPortIsPassedOver() throws Exception {
        Set<Integer> taken = Set.of(7629, 7700);
        assertEquals(7800, new FreePorts(port -> !taken.contains(port), 7600).rangeFor(3));
    }

    @Test
    void noFreeRangeIsAFailureWithAHint() {
        CliException refused = assertThrows(
                CliException.class, () -> new FreePorts(port -> false, 7600).rangeFor(1));
        assertEquals(ExitCode.FAILED, refused.exitCode());
    }

    @Test
    void theEnvironmentMaySayWhereToBegin() throws Exception {
        assertEquals(7600, FreePorts.firstOf(null));
        assertEquals(12_000, FreePorts.firstOf("12000"));
        for (String wrong : List.of("http", "80", "32001")) {
            CliException refused = assertThrows(CliException.class, () -> FreePorts.firstOf(wrong));
            assertEquals(ExitCode.USAGE, refused.exitCode());
        }
    }
}
