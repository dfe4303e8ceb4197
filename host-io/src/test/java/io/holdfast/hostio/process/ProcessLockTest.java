package io.holdfast.hostio.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessLockTest {
    @TempDir
    private Path directory;

    @Test
    void oneHolderAtATimeInThisProcess() throws Exception {
        Path file = directory.resolve("lock");
        try (ProcessLock lock = ProcessLock.acquire(file)) {
            assertTrue(lock.isHeld());
            ProcessLockedException refused =
                    assertThrows(ProcessLockedException.class, () -> ProcessLock.acquire(file));
            assertTrue(refused.getMessage().endsWith("pid=" + ProcessHandle.current().pid()));
            assertThrows(IOException.class, () -> acquireInAnotherProcess(file), "the refusal let go of it");
        }
        acquireInAnotherProcess(file);
    }

    @Test
    void aProcessThatIsKilledLetsGo() throws Exception {
        Path file = directory.resolve("lock");
        Process holder = start(file, "hold");
        try {
            assertTrue(holder.inputReader().readLine().equals("held"));
            ProcessLockedException refused =
                    assertThrows(ProcessLockedException.class, () -> ProcessLock.acquire(file));
            assertTrue(refused.getMessage().endsWith("pid=" + holder.pid()), refused.getMessage());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        ProcessLock.acquire(file).close();
        assertFalse(Files.readString(file).equals(Long.toString(holder.pid())));
    }

    private static void acquireInAnotherProcess(Path file) throws Exception {
        Process other = start(file, "try");
        if (!other.waitFor(30, TimeUnit.SECONDS) || other.exitValue() != 0) {
            other.destroyForcibly();
            throw new IOException("it did not get the lock");
        }
    }

    private static Process start(Path file, String what) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", System.getProperty("java.class.path"),
                        Holder.class.getName(), file.toString(), what))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Another process that wants the lock.
    static final class Holder {
        private Holder() {}

        @SuppressWarnings("SystemOut") // What its starter waits for.
        public static void main(String[] arguments) throws Exception {
            try (ProcessLock _ = ProcessLock.acquire(Path.of(arguments[0]))) {
                System.out.println("held");
                if (arguments[1].equals("hold")) {
                    Thread.currentThread().join();
                }
            }
        }
    }
}
