package io.holdfast.hostio.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InheritingProcessTest {
    @Test
    void whatAKilledCommandHadStartedEndsWithIt() throws Exception {
        try (Descriptor nothing = Descriptor.openReadWrite(Path.of("/dev/null"));
                InheritingProcess shell = InheritingProcess.start(
                        List.of("/bin/sh", "-c", "sleep 1000 & sleep 1000 & wait"),
                        Map.of(0, nothing, 1, nothing, 2, nothing))) {
            ProcessHandle leader = ProcessHandle.of(shell.pid()).orElseThrow();
            Await.until("it has started others", () -> leader.children().count() == 2);
            List<Long> others = leader.children().map(ProcessHandle::pid).toList();
            assertTrue(leader.destroyForcibly());
            assertEquals(new ProcessExit.Signal(9), shell.await(Duration.ofSeconds(60)));
            for (long other : others) {
                assertTrue(ProcessStat.read(other).filter(ProcessStat::isRunning).isEmpty(), "pid=" + other);
            }
        }
    }
}
