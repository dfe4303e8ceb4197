package io.holdfast.node.doctor;

import io.holdfast.hostio.erasure.ErasureCodecs;
import io.holdfast.hostio.process.Executables;
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
import java.util.OptionalLong;
import java.util.stream.LongStream;

/// The host that this process runs on.
final class LinuxHost implements Host {
    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(20);
    private static final int TEXT_BYTES_MAX = 1 << 20;
    private static final int WRITE_BYTES = 4096;
    private static final int WRITE_COUNT = 21;

    /// Beside the search path: where prepare-host.sh puts what the distribution does not have.
    static final Path OWN_COMMANDS = Path.of("/opt/holdfast/sbin");

    private final Path dataFolder;

    /// Looks at the disk where this folder is, or would be.
    LinuxHost(Path dataFolder) {
        this.dataFolder = existingParentOf(dataFolder.toAbsolutePath());
    }

    private static Path existingParentOf(Path path) {
        Path existing = path;
        while (!Files.isDirectory(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    @Override
    public Optional<String> read(String path) {
        try (var stream = Files.newInputStream(Path.of(path))) {
            return Optional.of(new String(
                    stream.readNBytes(TEXT_BYTES_MAX), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(Path.of(path));
    }

    @Override
    public boolean hasIsaLibrary() {
        return ErasureCodecs.isNative();
    }

    @Override
    public boolean canOpen(String path) {
        try (FileChannel channel =
                FileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.isOpen();
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public Optional<Path> command(String name) {
        return Executables.find(OWN_COMMANDS.resolve(name).toString()).or(() -> Executables.find(name));
    }

    @Override
    public CommandResult run(String... command) {
        try {
            ProcessOutcome outcome = ProcessRun.of(command)
                    .withDeadline(COMMAND_DEADLINE)
                    .withOutputBytesMax(TEXT_BYTES_MAX)
                    .run();
            String text = outcome.output().isBlank() ? outcome.errors() : outcome.output();
            return new CommandResult(outcome.isSuccess(), text.isBlank() ? outcome.exit().explained() : text);
        } catch (IOException notStarted) {
            return new CommandResult(false, String.valueOf(notStarted.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new CommandResult(false, "interrupted");
        }
    }

    @Override
    public Optional<Duration> syncedWriteTime() {
        try {
            Path file = Files.createTempFile(dataFolder, ".holdfast-doctor", "");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                return Optional.of(Duration.ofNanos(medianWriteNanos(channel)));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException notWritable) {
            return Optional.empty();
        }
    }

    private static long medianWriteNanos(FileChannel channel) throws IOException {
        // Preallocated, as the ledger's segments are: a growing file also pays for its size.
        channel.write(ByteBuffer.allocate(WRITE_BYTES * WRITE_COUNT));
        channel.force(true);
        long[] nanos = new long[WRITE_COUNT];
        for (int i = 0; i < WRITE_COUNT; i++) {
            long startedAt = System.nanoTime();
            channel.write(ByteBuffer.allocate(WRITE_BYTES), (long) i * WRITE_BYTES);
            channel.force(false);
            nanos[i] = System.nanoTime() - startedAt;
        }
        return LongStream.of(nanos).sorted().skip(WRITE_COUNT / 2).findFirst().orElseThrow();
    }

    @Override
    public OptionalLong freeBytes() {
        try {
            return OptionalLong.of(Files.getFileStore(dataFolder).getUsableSpace());
        } catch (IOException unknown) {
            return OptionalLong.empty();
        }
    }
}
