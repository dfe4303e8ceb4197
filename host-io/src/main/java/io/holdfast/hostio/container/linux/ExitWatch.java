package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.nativeaccess.ChildProcess;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.process.ProcessExit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/// Hears of the end of a container's first process. It is a child of this process if this process made it
/// (orphans of runc come to us), and then its exit code is known.
final class ExitWatch {
    private ExitWatch() {}

    /// Starts watching.
    ///
    /// @param isOver says that nobody is to act on it any more, because another node may
    static void start(LinuxContainer container, BooleanSupplier isOver) {
        DetachedProcess process = container.record().life().orElseThrow().process();
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        if (!process.isAlive() || handle.isEmpty()) {
            finish(container, process, isOver);
            return;
        }
        // What follows takes locks and runs commands, so it gets a thread of its own.
        var _ = handle.get().onExit()
                .thenRunAsync(() -> finish(container, process, isOver), ExitWatch::inOwnThread);
    }

    private static void inOwnThread(Runnable work) {
        Thread.ofVirtual().name("container-end").start(work);
    }

    private static void finish(LinuxContainer container, DetachedProcess process, BooleanSupplier isOver) {
        if (!isOver.getAsBoolean()) {
            container.onProcessEnded(exitOf(process));
        }
    }

    private static Optional<ProcessExit> exitOf(DetachedProcess process) {
        try {
            OptionalInt value = ChildProcess.collect(process.pid());
            return value.isPresent() ? Optional.of(ProcessExit.of(value.getAsInt())) : Optional.empty();
        } catch (SystemCallException notOurs) {
            return Optional.empty();
        }
    }
}
