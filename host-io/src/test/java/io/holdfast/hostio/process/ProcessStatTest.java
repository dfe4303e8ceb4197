package io.holdfast.hostio.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ProcessStatTest {
    private static final String FIELDS = " S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2";

    @Test
    void readsTheFieldsAfterTheCommandName() {
        Optional<ProcessStat> stat = ProcessStat.parse(42, "42 (sh)" + FIELDS);
        assertEquals(Optional.of(new ProcessStat(42, 'S', 7, 42, 98765)), stat);
    }

    @Test
    void aCommandNameMayHoldSpacesAndParentheses() {
        Optional<ProcessStat> stat = ProcessStat.parse(42, "42 (a) S 1 (b c)" + FIELDS);
        assertEquals(Optional.of(new ProcessStat(42, 'S', 7, 42, 98765)), stat);
    }

    @Test
    void readsThisProcess() {
        long pid = ProcessHandle.current().pid();
        assertTrue(ProcessStat.read(pid).orElseThrow().isRunning());
    }

    @Test
    void anyTextGivesAReadingOrNothing() {
        long seed = System.nanoTime();
        System.out.println("ProcessStatTest seed=" + seed);
        Random random = new Random(seed);
        String alphabet = "0123456789 ()SZ-x";
        int readable = 0;
        for (int round = 0; round < 100_000; round++) {
            StringBuilder line = new StringBuilder();
            int length = random.nextInt(80);
            for (int i = 0; i < length; i++) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            readable += ProcessStat.parse(1, line.toString()).isPresent() ? 1 : 0;
        }
        assertTrue(readable >= 0);
    }
}
