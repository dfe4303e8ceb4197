package io.holdfast.node.mount;

import io.holdfast.hostio.mount.MountTable;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// File systems on devices of this host, by the tools that every distribution has. Stateless; blocks.
final class FileSystems {
    private static final Set<String> KNOWN = Set.of("ext4", "xfs");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration UNMOUNT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration UNMOUNT_PAUSE = Duration.ofMillis(50);

    /// As far as any file system or partition table would show.
    private static final int LOOKED_AT_BYTES = 4 << 20;

    private FileSystems() {}

    /// What is on a device: a known file system, or nothing.
    ///
    /// @throws IOException if it is something else
    static Optional<String> on(Path device) throws IOException, InterruptedException {
        ProcessOutcome probed = ProcessRun.of(
                        "blkid", "-p", "-o", "value", "-s", "TYPE", device.toString())
                .withDeadline(PATIENCE)
                .run();
        String type = probed.output().strip();
        if (KNOWN.contains(type)) {
            return Optional.of(type);
        }
        if (!type.isEmpty() || !isBlank(device)) {
            throw new IOException("it holds something that is neither ext4 nor xfs, and is left alone: type="
                    + (type.isEmpty() ? "unknown" : type));
        }
        return Optional.empty();
    }

    private static boolean isBlank(Path device) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LOOKED_AT_BYTES);
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // On to the end, or as far as is looked at.
            }
        }
        bytes.flip();
        while (bytes.hasRemaining()) {
            if (bytes.get() != 0) {
                return false;
            }
        }
        return true;
    }

    /// Makes an ext4 whose root belongs to this user and group from the first moment on.
    static void make(Path device, int ownerId, int groupId) throws IOException, InterruptedException {
        String extended = "nodiscard,root_owner=" + ownerId + ":" + groupId;
        run("mkfs.ext4", "-q", "-F", "-m", "0", "-E", extended, device.toString());
    }

    /// @param type as [#on] told it; xfs would refuse a second volume that began as a copy of a mounted one
    static void mount(Path device, String type, Path folder) throws IOException, InterruptedException {
        String options = type.equals("xfs") ? "nosuid,nodev,nouuid" : "nosuid,nodev";
        run("mount", "-o", options, device.toString(), folder.toString());
    }

    /// Unmounts what is mounted at a folder; a container that has just ended may still be leaving it.
    ///
    /// A child does it: the kernel writes the rest to a volume that this process may serve itself. A process
    /// killed within the call would keep its sockets open until the call returns, and the call would wait for
    /// an answer over them for ever.
    static void unmount(Path folder) throws IOException {
        long end = System.nanoTime() + UNMOUNT_PATIENCE.toNanos();
        while (isMounted(folder)) {
            try {
                for (Path point : MountTable.read().below(folder.toRealPath())) {
                    run("umount", point.toString());
                }
            } catch (IOException busy) {
                if (System.nanoTime() - end > 0) {
                    throw busy;
                }
                LockSupport.parkNanos(UNMOUNT_PAUSE.toNanos());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while unmounting: folder=" + folder, interrupted);
            }
        }
    }

    static boolean isMounted(Path folder) throws IOException {
        return Files.isDirectory(folder) && MountTable.read().isMountPoint(folder.toRealPath());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        ProcessOutcome outcome = ProcessRun.of(command).withDeadline(PATIENCE).run();
        if (!outcome.isSuccess()) {
            throw new IOException(outcome.explained());
        }
    }
}
