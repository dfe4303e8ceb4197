package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import java.util.List;

/// A file of a snapshot and where its content lies.
///
/// @param path relative, without `..`
/// @param content its bytes in order; empty for an empty file
public record StoredFile(String path, List<ChunkRange> content) {
    /// Runs that one file may be split into.
    public static final int RANGES_MAX = 4_096;

    public StoredFile {
        Check.text("a file's path", path, 255);
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("a file's path is relative and holds no '..'");
        }
        content = Check.atMost("a file's ranges", content, RANGES_MAX);
    }

    public long sizeBytes() {
        long sum = 0;
        for (ChunkRange range : content) {
            sum += range.lengthBytes();
        }
        return sum;
    }
}
