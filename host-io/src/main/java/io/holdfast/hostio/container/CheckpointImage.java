package io.holdfast.hostio.container;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// A checkpoint: a folder of plain files, described by its manifest. Nothing in it may change; whoever moves
/// it copies [#files()] (and only these) and keeps [#manifestDigest()] where it cannot be forged.
///
/// @param folder where it lies now
/// @param manifestDigest SHA-256 of `manifest.json`, in hexadecimal; it covers every other file by digest
/// @param files sorted, relative to the folder, manifest included
public record CheckpointImage(
        Path folder,
        String manifestDigest,
        CompatibilityClass compatibility,
        Instant createdAt,
        List<ImageFile> files,
        CheckpointStatistics statistics) {
    public CheckpointImage {
        files = List.copyOf(files);
    }

    public long totalBytes() {
        return files.stream().mapToLong(ImageFile::bytes).sum();
    }

    /// One file of an image.
    ///
    /// @param path relative to the image's folder, with `/`
    /// @param digest SHA-256 in hexadecimal
    public record ImageFile(String path, long bytes, String digest) {}

    /// What making it cost.
    ///
    /// @param frozenMillis how long the processes stood still
    /// @param memoryBytes what was written of their memory
    public record CheckpointStatistics(
            long totalMillis, long frozenMillis, long memoryBytes, int processCount) {}
}
