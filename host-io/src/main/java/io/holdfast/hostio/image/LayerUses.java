package io.holdfast.hostio.image;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What each unpacked layer takes and when it was last used: one small file for each, whose content is the
/// one and whose time is the other. Immutable; of two threads that note a use, either may be the last.
///
/// @param layers where the layers are
/// @param notes where the files are
record LayerUses(Path layers, Path notes) {
    /// What an entry takes beside its bytes.
    private static final long ENTRY_BYTES = 1_024;

    /// One layer.
    ///
    /// @param bytes about what it takes
    record Use(Path layer, long bytes, Instant last) {}

    /// Says what a new layer takes, and that it is used now.
    void begin(Path layer, int entryCount, long bytes) throws IOException {
        Files.writeString(noteOf(layer), Long.toString(bytes + entryCount * ENTRY_BYTES), US_ASCII);
    }

    /// Says that a layer is used now.
    void note(Path layer, Instant now) throws IOException {
        try {
            Files.setLastModifiedTime(noteOf(layer), FileTime.from(now));
        } catch (NoSuchFileException unknown) {
            measure(layer);
        }
    }

    /// All layers, the one used longest ago first.
    List<Use> all() throws IOException {
        List<Use> all = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(layers)) {
            for (Path layer : found) {
                all.add(of(layer));
            }
        }
        all.sort(Comparator.comparing(Use::last));
        return all;
    }

    Use of(Path layer) throws IOException {
        Path note = noteOf(layer);
        if (!Files.exists(note)) {
            measure(layer);
        }
        String text = Files.readString(note, US_ASCII).strip();
        long bytes = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : measure(layer);
        return new Use(layer, bytes, Files.getLastModifiedTime(note).toInstant());
    }

    void forget(Path layer) throws IOException {
        Files.deleteIfExists(noteOf(layer));
    }

    private Path noteOf(Path layer) {
        return notes.resolve(layer.getFileName());
    }

    /// For a layer that was unpacked before there were notes.
    private long measure(Path layer) throws IOException {
        Sum sum = new Sum();
        Files.walkFileTree(layer, sum);
        begin(layer, sum.entryCount, sum.bytes);
        return sum.bytes + sum.entryCount * ENTRY_BYTES;
    }

    private static final class Sum extends SimpleFileVisitor<Path> {
        private int entryCount;
        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            entryCount++;
            bytes += attributes.size();
            return FileVisitResult.CONTINUE;
        }
    }
}
