package io.holdfast.chaos.powercut;

import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.CommandResult;
import io.holdfast.chaos.process.CommandRunner;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A file system that survives power cuts, if it is told what matters.
public enum FileSystemKind {
    EXT4("ext4", Capability.EXT4, 192L << 20, "noatime"),
    /// Of the least size that its maker allows. Every replayed one has the identity of the recorded one.
    XFS("xfs", Capability.XFS, 320L << 20, "noatime,nouuid");

    private static final CommandRunner RUNNER = new CommandRunner(Duration.ofMinutes(2));

    private static final int BUSY_COUNT_MAX = 100;
    private static final Duration BUSY_PAUSE = Duration.ofMillis(100);

    private final String type;
    private final Capability capability;
    private final long sizeBytes;
    private final String mountOptions;

    FileSystemKind(String type, Capability capability, long sizeBytes, String mountOptions) {
        this.type = type;
        this.capability = capability;
        this.sizeBytes = sizeBytes;
        this.mountOptions = mountOptions;
    }

    /// Makes all of it now: what would be made later, when it is mounted, is zeros that cost nothing here.
    private Command maker(Path file) {
        return switch (this) {
            case EXT4 -> Command.of("mkfs.ext4", "-q", "-F", "-E",
                    "nodiscard,lazy_itable_init=0,lazy_journal_init=0", file.toString());
            case XFS -> Command.of("mkfs.xfs", "-q", "-f", "-K", file.toString());
        };
    }

    /// What a host needs to have for it.
    public Capability capability() {
        return capability;
    }

    /// A disk with an empty one.
    ///
    /// @param scratch a file that is not there, and is not afterwards
    DiskImage make(Path scratch) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(
                scratch, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), sizeBytes - 1);
        }
        RUNNER.run(maker(scratch)).orThrow();
        DiskImage made = DiskImage.of(scratch);
        Files.delete(scratch);
        return made;
    }

    /// Mounts what is in a file. The loop device goes with the mount.
    void mount(Path file, Path folder) throws IOException, InterruptedException {
        RUNNER.run(Command.of(
                "mount", "-t", type, "-o", "loop," + mountOptions, file.toString(), folder.toString()))
                        .orThrow();
    }

    /// Unmounts what nobody uses any more. A child that this process has just started holds all its files for
    /// a moment: that is waited for.
    static void unmount(String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("umount"));
        arguments.addAll(List.of(words));
        Command command = Command.of(arguments);
        try {
            CommandResult result = RUNNER.run(command);
            for (int i = 0; i < BUSY_COUNT_MAX && result.errors().contains("busy"); i++) {
                Pause.REAL.of(BUSY_PAUSE);
                result = RUNNER.run(command);
            }
            result.orThrow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted, command=" + command, e);
        }
    }
}
