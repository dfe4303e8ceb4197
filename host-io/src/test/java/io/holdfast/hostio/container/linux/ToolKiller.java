package io.holdfast.hostio.container.linux;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Kills, once, the checkpoint and container tools that this process has started, at a moment of its own.
final class ToolKiller {
    private final Thread thread;
    private volatile boolean isOver;

    private ToolKiller(int millis) {
        thread = Thread.ofPlatform().start(() -> run(millis));
    }

    static ToolKiller start(int millis) {
        return new ToolKiller(millis);
    }

    private void run(int millis) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!isOver && tools().isEmpty() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(200_000);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        if (!isOver) {
            tools().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static List<ProcessHandle> tools() {
        return ProcessHandle.current()
                .descendants()
                .filter(handle -> handle.info().command().map(ToolKiller::isTool).orElse(false))
                .toList();
    }

    private static boolean isTool(String command) {
        return command.endsWith("/criu") || command.endsWith("/runc");
    }

    /// It kills no more.
    void end() throws InterruptedException {
        isOver = true;
        thread.join();
    }
}
