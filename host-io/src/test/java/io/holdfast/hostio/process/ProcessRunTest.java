package io.holdfast.hostio.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class ProcessRunTest {
    @Test
    void outputAndErrorsAreToldApart() throws Exception {
        ProcessOutcome outcome =
                ProcessRun.of("sh", "-c", "echo right; echo wrong >&2; exit 3").run();
        assertEquals("right\n", outcome.output());
        assertEquals("wrong\n", outcome.errors());
        assertEquals(new ProcessExit.Code(3), outcome.exit());
        assertFalse(outcome.isSuccess());
    }

    @Test
    void anArgumentIsNeverReadByAShell() throws Exception {
        ProcessOutcome outcome = ProcessRun.of("echo", "$HOME; exit 7 `id`").run();
        assertEquals("$HOME; exit 7 `id`\n", outcome.output());
    }

    @Test
    void inputEnvironmentAndDirectoryReachTheCommand(@TempDir Path directory) throws Exception {
        ProcessOutcome outcome = ProcessRun.of("sh", "-c", "cat; echo $GREETING; pwd -P")
                .withInput("first\n")
                .withEnvironment("GREETING", "second")
                .withDirectory(directory)
                .run();
        assertEquals("first\nsecond\n" + directory.toRealPath() + "\n", outcome.output());
    }

    @Test
    void withoutInputTheCommandReadsTheEnd() throws Exception {
        assertEquals("", ProcessRun.of("cat").run().orThrow().output());
    }

    @Test
    void anUnknownCommandIsSaidToBeMissing() {
        CommandNotFoundException missing = assertThrows(
                CommandNotFoundException.class,
                () -> ProcessRun.of("holdfast-no-such-command").run());
        assertTrue(missing.getMessage().contains("holdfast-no-such-command"));
    }

    @Test
    void aFailureIsExplainedWithTheEndOfItsComplaint() {
        CommandFailedException failed = assertThrows(
                CommandFailedException.class,
                () -> ProcessRun.of("sh", "-c", "echo one >&2; echo two >&2; exit 1").run().orThrow());
        assertTrue(failed.getMessage().endsWith("exited with code 1: one | two"), failed.getMessage());
        assertEquals(new ProcessExit.Code(1), failed.outcome().exit());
    }

    @Test
    void aSignalIsNamed() throws Exception {
        ProcessOutcome outcome = ProcessRun.of("sh", "-c", "kill -9 $$").run();
        assertEquals(new ProcessExit.Signal(9), outcome.exit());
        assertTrue(outcome.explained().contains("SIGKILL"), outcome.explained());
    }

    @Test
    void aFloodOfOutputIsBoundedAndCounted() throws Exception {
        int floodBytes = 20 * 1024 * 1024;
        ProcessOutcome outcome = ProcessRun.of(
                        "sh", "-c", "printf start; head -c " + floodBytes + " /dev/zero; "
                                + "head -c " + floodBytes + " /dev/zero >&2; printf end >&2")
                .withOutputBytesMax(1000)
                .run();
        assertTrue(outcome.isSuccess());
        assertEquals(1000, outcome.output().length());
        assertTrue(outcome.output().startsWith("start"));
        assertEquals(1000, outcome.errors().length());
        assertTrue(outcome.errors().endsWith("end"));
        assertEquals(2L * floodBytes + 8 - 2000, outcome.droppedBytes());
    }

    @Test
    void aMissedDeadlineKillsTheWholeTree() throws Exception {
        // The middle shell ends, so that the last sleeper is an orphan that only the session still knows.
        ProcessOutcome outcome = ProcessRun.of(
                        "sh",
                        "-c",
                        "echo $$; sleep 600 & echo $!; sh -c 'sleep 601 & echo $!'; trap '' TERM; wait")
                .withDeadline(Duration.ofMillis(500))
                .run();
        assertInstanceOf(ProcessExit.DeadlineExceeded.class, outcome.exit());
        long[] pids = outcome.output().lines().mapToLong(Long::parseLong).toArray();
        assertEquals(3, pids.length);
        for (long pid : pids) {
            assertFalse(ProcessStat.read(pid).map(ProcessStat::isRunning).orElse(false), "alive: pid=" + pid);
        }
        assertTrue(outcome.elapsed().compareTo(Duration.ofSeconds(10)) < 0);
    }

    @Test
    void anInterruptKillsTheTree() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                ProcessRun.of("sleep", "602.125").run();
            } catch (Exception e) {
                thrown.set(e);
            }
            ended.countDown();
        });
        awaitSleeper(true);
        runner.interrupt();
        ended.await();
        assertInstanceOf(InterruptedException.class, thrown.get());
        awaitSleeper(false);
    }

    private static void awaitSleeper(boolean present) {
        while (ProcessHandle.current()
                        .descendants()
                        .anyMatch(child -> child.info().commandLine().orElse("").contains("sleep 602.125"))
                != present) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDaemonThatKeepsThePipesDoesNotHoldTheResultBack() throws Exception {
        ProcessOutcome outcome = ProcessRun.of("sh", "-c", "sleep 20 & echo $!").run();
        long daemon = Long.parseLong(outcome.output().strip());
        assertTrue(outcome.elapsed().compareTo(Duration.ofSeconds(5)) < 0);
        assertTrue(ProcessStat.read(daemon).isPresent(), "what a command leaves running is left alone");
        ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
    }
}
