package io.holdfast.node.cli.local;

import io.holdfast.node.cli.client.PrivateFile;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The right to start and stop the nodes of one folder, held by one command at a time. The kernel takes it
/// back when the command ends, however it ends; Java opens files so that children do not inherit it.
final class ClusterLock implements AutoCloseable {
    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    static ClusterLock acquire(Path directory) throws CliException, IOException {
        PrivateFile.makeFolder(directory);
        FileChannel channel = FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new CliException(
                    ExitCode.CONFLICT,
                    "another command is starting or stopping the cluster in " + directory,
                    "wait for it to end");
        }
        return new ClusterLock(channel);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    boolean isHeld() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
