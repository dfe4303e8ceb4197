package io.holdfast.hostio.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class DetachedProcessTest {
    @TempDir
    private Path directory;

    @Test
    void itLeadsASessionOfItsOwnAndItsOutputIsAppended() throws Exception {
        Path log = directory.resolve("out.log");
        Files.writeString(log, "before\n");
        DetachedProcess process = start(log, "sh", "-c", "echo $WORD; pwd -P; sleep 0.2");
        assertTrue(process.awaitExit(Duration.ofSeconds(10)));
        assertEquals("before\nhello\n" + directory.toRealPath() + "\n", Files.readString(log));
        DetachedProcess sleeper = start(log, "sleep", "600");
        assertEquals(sleeper.pid(), ProcessStat.read(sleeper.pid()).orElseThrow().sessionId());
        assertTrue(sleeper.kill());
    }

    @Test
    void thePidFileFindsItAgain() throws Exception {
        DetachedProcess process = start(directory.resolve("log"), "sleep", "600");
        Path file = directory.resolve("pid");
        process.writePidFile(file);
        DetachedProcess found = DetachedProcess.readPidFile(file).orElseThrow();
        assertEquals(process, found);
        assertTrue(found.isAlive());
        assertTrue(found.terminate());
        assertTrue(found.awaitExit(Duration.ofSeconds(10)));
        assertFalse(found.isAlive());
        assertFalse(found.terminate());
    }

    @Test
    void aPidUsedByAnotherProcessIsNotTakenForIt() {
        DetachedProcess self = DetachedProcess.find(ProcessHandle.current().pid()).orElseThrow();
        assertTrue(self.isAlive());
        assertFalse(new DetachedProcess(self.pid(), self.startTicks() + 1, self.bootId()).isAlive());
        assertFalse(new DetachedProcess(self.pid(), self.startTicks(), "another-boot").isAlive());
    }

    @Test
    void killEndsChildrenToo() throws Exception {
        Path log = directory.resolve("log");
        DetachedProcess process = start(log, "sh", "-c", "trap '' TERM; sleep 600 & echo $!; wait");
        while (Files.readString(log).isBlank()) {
            Thread.onSpinWait();
        }
        long child = Long.parseLong(Files.readString(log).strip());
        assertFalse(process.awaitExit(Duration.ofMillis(50)));
        assertTrue(process.kill());
        assertFalse(ProcessStat.read(child).map(ProcessStat::isRunning).orElse(false));
    }

    @Test
    void aFileThatIsNoPidFileNamesNothing() throws Exception {
        Path file = directory.resolve("pid");
        assertEquals(Optional.empty(), DetachedProcess.readPidFile(file));
        for (String text : List.of("", "12", "a b c", "1 2", "1 2 3 4", "99999999999999999999 1 x")) {
            Files.writeString(file, text);
            assertEquals(Optional.empty(), DetachedProcess.readPidFile(file), text);
        }
    }

    private DetachedProcess start(Path log, String... command) throws Exception {
        return DetachedProcess.start(List.of(command), Map.of("WORD", "hello"), directory, log);
    }
}
