package io.holdfast.node.bootstrap;

import io.holdfast.hostio.process.ProcessLock;
import io.holdfast.hostio.process.ProcessLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// The right to run a node on a data directory. Two processes on the same files would break what each of them
/// has promised, and clear away what the other works with.
public final class DirectoryLock {
    private static final String FILE = "node.lock";
    private static final Duration POLL = Duration.ofMillis(20);

    private DirectoryLock() {}

    /// Takes it; waits for a process that is about to go.
    ///
    /// @param dataDirectory made if it is not there
    /// @throws IOException if another process still has it afterwards
    public static ProcessLock acquire(Path dataDirectory, Duration patience, LongSupplier nanoClock)
            throws IOException {
        Files.createDirectories(dataDirectory);
        long started = nanoClock.getAsLong();
        while (true) {
            try {
                return ProcessLock.acquire(dataDirectory.resolve(FILE));
            } catch (ProcessLockedException locked) {
                if (nanoClock.getAsLong() - started > patience.toNanos()) {
                    throw new IOException("a node runs on this data directory already; stop it first, or give"
                            + " each node a directory of its own: data.dir=" + dataDirectory, locked);
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }
}
