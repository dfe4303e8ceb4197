package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.NOT_FOUND;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/// An OCI layout in a tar file: its entries are listed once and then read where they lie. Confined to its
/// user.
final class ArchiveFiles implements LayoutSource.LayoutFiles {
    private static final int ENTRY_COUNT_MAX = 100_000;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Extent> extents;

    /// Where an entry's bytes are.
    private record Extent(long offset, long lengthBytes) {}

    private ArchiveFiles(Path file, FileChannel channel, Map<String, Extent> extents) {
        this.file = file;
        this.channel = channel;
        this.extents = extents;
    }

    static ArchiveFiles open(Path file) throws IOException {
        if (!java.nio.file.Files.isRegularFile(file)) {
            throw new ImageException(NOT_FOUND, "no such archive: file=" + file);
        }
        FileChannel channel = FileChannel.open(file);
        try {
            return new ArchiveFiles(file, channel, list(file, channel));
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    private static Map<String, Extent> list(Path file, FileChannel channel) throws IOException {
        Map<String, Extent> extents = new HashMap<>();
        InputStream bytes = new BufferedInputStream(new Part(channel, 0, channel.size()), 1 << 16);
        try (TarEntries entries = new TarEntries(bytes, file.toString(), ENTRY_COUNT_MAX)) {
            for (TarArchiveEntry entry = entries.next(); entry != null; entry = entries.next()) {
                boolean isPlain = entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()
                        && !entry.isSparse();
                if (isPlain) {
                    String name = entry.getName();
                    extents.put(
                            name.startsWith("./") ? name.substring(2) : name,
                            new Extent(entries.contentOffset(), entry.getSize()));
                }
            }
        }
        return extents;
    }

    @Override
    public InputStream open(String path) throws IOException {
        Extent extent = extents.get(path);
        if (extent == null) {
            throw new ImageException(
                    NOT_FOUND, "the archive lacks a file: archive=" + file + " file=" + path);
        }
        return new BufferedInputStream(
                new Part(channel, extent.offset(), extent.lengthBytes()), 1 << 16);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// A part of a file.
    private static final class Part extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        Part(FileChannel channel, long offset, long lengthBytes) {
            this.channel = channel;
            this.position = offset;
            this.end = offset + lengthBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (position >= end) {
                return -1;
            }
            int wanted = (int) Math.min(length, end - position);
            int read = channel.read(ByteBuffer.wrap(bytes, offset, wanted), position);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long wanted) {
            long skipped = Math.clamp(wanted, 0, end - position);
            position += skipped;
            return skipped;
        }
    }
}
