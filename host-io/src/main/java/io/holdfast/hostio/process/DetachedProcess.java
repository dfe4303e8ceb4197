package io.holdfast.hostio.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// A process that outlives its starter, known by pid, start time and boot, so that neither a pid that is
/// used again nor a restart of the host makes another process pass for it. Immutable.
///
/// @param startTicks its start, in clock ticks since the host started
/// @param bootId the kernel's identity of that start of the host
public record DetachedProcess(long pid, long startTicks, String bootId) {
    /// setsid(1) takes about a millisecond; a host so loaded that it takes longer still starts the process.
    private static final long SESSION_WAIT_NANOS_MAX = 2_000_000_000L;

    private static final long SESSION_POLL_NANOS = 200_000L;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// Starts a command in a session of its own, with no input, and with its output appended to a file.
    ///
    /// @throws CommandNotFoundException when the host has no such command
    public static DetachedProcess start(
            List<String> command, Map<String, String> environment, Path directory, Path outputFile)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(ProcessRun.inOwnSession(command));
        builder.environment().putAll(environment);
        builder.directory(directory.toFile());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile.toFile()));
        Process process = builder.start();
        awaitOwnSession(process);
        return find(process.pid())
                .orElseThrow(() -> new IOException("the process ended at once: command=" + command));
    }

    /// Until it has its own session, what is sent to ours (such as Ctrl-C at a terminal) would reach it too.
    private static void awaitOwnSession(Process process) {
        long pid = process.pid();
        long until = System.nanoTime() + SESSION_WAIT_NANOS_MAX;
        while (process.isAlive()
                && ProcessStat.read(pid).filter(stat -> stat.sessionId() == pid).isEmpty()
                && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(SESSION_POLL_NANOS);
        }
    }

    /// The process that has this pid now.
    public static Optional<DetachedProcess> find(long pid) {
        return ProcessStat.read(pid)
                .map(stat -> new DetachedProcess(pid, stat.startTicks(), currentBootId()));
    }

    /// What [#writePidFile(Path)] has written; empty if there is no such file or it does not read as one.
    public static Optional<DetachedProcess> readPidFile(Path file) {
        try {
            String[] words = Files.readString(file, StandardCharsets.UTF_8).strip().split(" ", -1);
            if (words.length != 3) {
                return Optional.empty();
            }
            return Optional.of(
                    new DetachedProcess(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
        } catch (IOException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    /// Writes `PID START-TICKS BOOT-ID`, replacing the file in one step.
    public void writePidFile(Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, pid + " " + startTicks + " " + bootId + "\n", StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public boolean isAlive() {
        return bootId.equals(currentBootId())
                && ProcessStat.read(pid)
                        .filter(stat -> stat.startTicks() == startTicks && stat.isRunning())
                        .isPresent();
    }

    /// Asks it to end (SIGTERM); false if it is not running any more.
    public boolean terminate() {
        return isAlive() && ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(false);
    }

    /// Ends it and everything it has started (SIGKILL); false if something survived.
    public boolean kill() throws InterruptedException {
        return !isAlive() || new ProcessTree(pid).kill();
    }

    /// True once it has ended, false if it still runs at the deadline.
    public boolean awaitExit(Duration deadline) throws InterruptedException {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (!isAlive() || handle.isEmpty()) {
            return true;
        }
        try {
            handle.get().onExit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException stillThere) {
            return !isAlive();
        }
    }

    private static String currentBootId() {
        try {
            return Files.readString(BOOT_ID, StandardCharsets.UTF_8).strip();
        } catch (IOException hidden) {
            // Some sandboxes hide it; pid and start time still tell processes of one boot apart.
            return "unknown";
        }
    }
}
