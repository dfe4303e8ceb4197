package io.holdfast.chaos.fault;

import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// System calls of a running node that fail, take long, or are its last. `strace` attaches to the node, does
/// it, and lets go when healed; then the node is started again, but for delays. Immutable.
///
/// @param node whose calls
/// @param calls names as in `syscalls(2)`
public record SystemCallFault(String node, List<String> calls, Effect effect) implements Fault {
    private static final Duration ATTACH_LIMIT = Duration.ofSeconds(20);
    private static final List<String> FLUSHES = List.of("fsync", "fdatasync", "sync_file_range", "msync");
    private static final List<String> FILE_WRITES = List.of("pwrite64", "pwritev", "fallocate", "ftruncate");
    private static final List<String> FILE_CHANGES = List.of("pwrite64", "pwritev", "fallocate", "ftruncate",
            "rename", "unlink", "mkdir", "fsync", "fdatasync");

    /// What becomes of the calls.
    public sealed interface Effect {
        /// Every n-th call is not done and answers with this error.
        record Fail(String errno, int everyNth) implements Effect {}

        /// Every call is held up before it is done.
        record Delay(int micros) implements Effect {}

        /// The n-th call is the node's last.
        record KillAt(int nth) implements Effect {}
    }

    public SystemCallFault {
        calls = List.copyOf(calls);
    }

    public static SystemCallFault slowFlush(String node, int micros) {
        return new SystemCallFault(node, FLUSHES, new Effect.Delay(micros));
    }

    public static SystemCallFault failingFlush(String node) {
        return new SystemCallFault(node, FLUSHES, new Effect.Fail("EIO", 1));
    }

    public static SystemCallFault diskFull(String node) {
        return new SystemCallFault(node, FILE_WRITES, new Effect.Fail("ENOSPC", 1));
    }

    /// As after the kernel has made the file system read-only.
    public static SystemCallFault readOnlyDisk(String node) {
        return new SystemCallFault(node, FILE_CHANGES, new Effect.Fail("EROFS", 1));
    }

    /// Every so many writes fail once.
    public static SystemCallFault flakyWrites(String node, int everyNth) {
        return new SystemCallFault(node, FILE_WRITES, new Effect.Fail("EIO", everyNth));
    }

    public static SystemCallFault killAtFlush(String node, int nth) {
        return new SystemCallFault(node, FLUSHES, new Effect.KillAt(nth));
    }

    @Override
    public String describe() {
        return switch (effect) {
            case Effect.Fail fail -> fail.errno() + " at every " + fail.everyNth() + ". of " + calls
                    + " of " + node;
            case Effect.Delay delay -> delay.micros() + " us before every of " + calls + " of " + node;
            case Effect.KillAt kill -> "kill -9 at the " + kill.nth() + ". of " + calls + " of " + node;
        };
    }

    private String injection() {
        String action = switch (effect) {
            case Effect.Fail fail -> "error=" + fail.errno() + ":when=1+" + fail.everyNth();
            case Effect.Delay delay -> "delay_enter=" + delay.micros();
            case Effect.KillAt kill -> "signal=KILL:when=" + kill.nth();
        };
        return "inject=" + String.join(",", calls) + ":" + action;
    }

    @Override
    public Healing apply(FaultSite site) throws IOException, InterruptedException {
        long pid = site.pidOf(node);
        RunningProcess strace = RunningProcess.start(Command.of("strace", "-f", "-qq", "-o", "/dev/null",
                        "-e", "trace=" + String.join(",", calls), "-e", injection(), "-p", "" + pid)
                .loggedTo(Path.of("/dev/null")));
        try {
            Await.real().untilTrue("strace attached to " + node, ATTACH_LIMIT, () -> isTraced(pid, strace));
        } catch (TimeoutException | RuntimeException e) {
            strace.close();
            throw new IOException("cannot trace the node, pid=" + pid, e);
        }
        return () -> {
            strace.close();
            if (!(effect instanceof Effect.Delay)) {
                // Also after errors: what is on such a disk is unknown until it is opened again.
                site.kill(node);
                site.start(node);
            }
        };
    }

    private static boolean isTraced(long pid, RunningProcess strace) {
        if (!strace.isAlive()) {
            throw new IllegalStateException("strace ended: is ptrace allowed? exitCode=" + strace.exitCode());
        }
        try {
            // The last thread that strace attached to; the first is attached first.
            List<Path> threads;
            try (var listed = Files.list(Path.of("/proc/" + pid + "/task"))) {
                threads = listed.toList();
            }
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("status")).contains("TracerPid:\t0\n")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            // The node, or one of its threads, ended meanwhile: the next look decides.
            return !ProcessHandle.of(pid).isPresent();
        }
    }
}
