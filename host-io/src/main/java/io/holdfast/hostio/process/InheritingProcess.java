package io.holdfast.hostio.process;

import io.holdfast.hostio.nativeaccess.ChildProcess;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/// A child that is given descriptors of ours, in a session of its own. Confined to the thread that waits for
/// it; closing ends exactly what it started, unless it has ended by itself.
public final class InheritingProcess implements AutoCloseable {
    private static final String SEARCH_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";
    private static final long STEP_NANOS = 100_000L;
    private static final Duration COLLECT_MAX = Duration.ofSeconds(5);

    private final long pid;
    private OptionalInt exitValue = OptionalInt.empty();

    private InheritingProcess(long pid) {
        this.pid = pid;
    }

    /// Where a command that is kept apart from the rest of the machine puts what it leaves behind.
    ///
    /// @param temporary stands in for `/tmp`
    /// @param kept keeps its path, wherever it is
    public record Isolation(Path temporary, Path kept) {}

    /// Starts a command with a small environment of its own.
    ///
    /// @param descriptors ours by the number it is to see; from 0 on without gaps
    public static InheritingProcess start(List<String> command, Map<Integer, Descriptor> descriptors)
            throws IOException {
        return new InheritingProcess(
                ChildProcess.spawn(resolved(command), environment(SEARCH_PATH), descriptors));
    }

    /// The same in a mount namespace of its own.
    ///
    /// @param searchedFirst a folder in which it looks for commands first
    public static InheritingProcess startIsolated(
            List<String> command, Map<Integer, Descriptor> descriptors, Isolation isolation,
                    Path searchedFirst)
            throws IOException {
        return new InheritingProcess(ChildProcess.spawnIsolated(
                resolved(command),
                environment(searchedFirst + ":" + SEARCH_PATH),
                descriptors,
                isolation.temporary(),
                isolation.kept()));
    }

    private static List<String> resolved(List<String> command) throws IOException {
        List<String> full = new ArrayList<>(command);
        full.set(0, Executables.require(command.getFirst()).toString());
        return full;
    }

    private static List<String> environment(String searchPath) {
        return List.of("PATH=" + searchPath, "LC_ALL=C");
    }

    public long pid() {
        return pid;
    }

    /// Waits for its end, and kills its tree if that does not come in time. If somebody killed it, what it
    /// had started and not yet let go of is killed too: it would work on for nobody.
    public ProcessExit await(Duration deadline) {
        if (hasEndedWithin(deadline)) {
            ProcessExit exit = ProcessExit.of(exitValue.orElse(0));
            if (exit instanceof ProcessExit.Signal) {
                killRest();
            }
            return exit;
        }
        close();
        return new ProcessExit.DeadlineExceeded(deadline);
    }

    /// Whether it ends by itself in time.
    public boolean hasEndedWithin(Duration deadline) {
        long until = System.nanoTime() + deadline.toNanos();
        while (exitValue.isEmpty()) {
            try {
                exitValue = ChildProcess.collect(pid);
            } catch (SystemCallException collectedElsewhere) {
                exitValue = OptionalInt.of(0);
            }
            if (exitValue.isEmpty()) {
                if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        }
        return true;
    }

    private void killRest() {
        try {
            if (!new ProcessTree(pid).killRest()) {
                throw new IllegalStateException("a child survives being killed: leader=" + pid);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Kills its tree if it still runs, and collects it.
    @Override
    public void close() {
        if (exitValue.isPresent()) {
            return;
        }
        try {
            if (!new ProcessTree(pid).kill()) {
                throw new IllegalStateException("a process survives being killed: pid=" + pid);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        hasEndedWithin(COLLECT_MAX);
    }
}
