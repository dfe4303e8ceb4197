package io.holdfast.node.cli.local;

import io.holdfast.hostio.process.ProcessLock;
import io.holdfast.hostio.process.ProcessLockedException;
import io.holdfast.node.cli.client.PrivateFile;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Path;

/// The right to start and stop the nodes of one folder, held by one command at a time.
final class ClusterLock implements AutoCloseable {
    private final ProcessLock lock;

    private ClusterLock(ProcessLock lock) {
        this.lock = lock;
    }

    static ClusterLock acquire(Path directory) throws CliException, IOException {
        PrivateFile.makeFolder(directory);
        try {
            return new ClusterLock(ProcessLock.acquire(directory.resolve("lock")));
        } catch (ProcessLockedException _) {
            throw new CliException(
                    ExitCode.CONFLICT,
                    "another command is starting or stopping the cluster in " + directory,
                    "wait for it to end");
        }
    }

    boolean isHeld() {
        return lock.isHeld();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
