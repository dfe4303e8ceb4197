package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.TOO_LARGE;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/// The entries of a tar stream, counted, with their headers bounded: a header may be anything from half a
/// kilobyte to whatever a forger wants to have in memory. Confined to its reader.
final class TarEntries implements AutoCloseable {
    /// Long names and extended attributes of one entry: more than the kernel takes, and few enough that
    /// headers that announce headers end soon.
    private static final int HEADER_BYTES_MAX = 256 << 10;

    /// Parts of a sparse file, each of which the library reads within the reading of the one before.
    private static final int SPARSE_COUNT_MAX = 1_000;

    private final TarArchiveInputStream tar;
    private final Bounded bounded;
    private final String what;
    private final int countMax;
    private int count;
    private long contentOffset;
    private String name = "(first)";

    /// @param what the stream is, for messages
    TarEntries(InputStream bytes, String what, int countMax) {
        this.bounded = new Bounded(bytes);
        this.tar = new TarArchiveInputStream(bounded, StandardCharsets.UTF_8.name());
        this.what = what;
        this.countMax = countMax;
    }

    /// The next one; absent at the end. What was not read of the one before is passed over.
    @Nullable TarArchiveEntry next() throws IOException {
        try {
            bounded.allow(Long.MAX_VALUE);
            passOver();
            bounded.allow(HEADER_BYTES_MAX);
            TarArchiveEntry entry = tar.getNextEntry();
            bounded.allow(Long.MAX_VALUE);
            if (entry == null) {
                return null;
            }
            name = entry.getName();
            contentOffset = bounded.position;
            count++;
            if (entry.getSparseHeaders() != null && entry.getSparseHeaders().size() > SPARSE_COUNT_MAX) {
                throw new ImageException(TOO_LARGE, "a file has too many holes: in=" + what + " entry=" + name
                        + " countMax=" + SPARSE_COUNT_MAX);
            }
            if (count > countMax) {
                throw new ImageException(TOO_LARGE, "too many entries: in=" + what + " countMax=" + countMax);
            }
            return entry;
        } catch (ImageException known) {
            throw known;
        } catch (IOException | IllegalArgumentException malformed) {
            throw new ImageException(ImageException.Kind.INVALID, "not a readable archive: in=" + what
                    + " after=" + name + " reason=" + malformed.getMessage(), malformed);
        }
    }

    private void passOver() throws IOException {
        byte[] passed = new byte[1 << 16];
        if (tar.getCurrentEntry() == null) {
            return;
        }
        while (tar.available() > 0) {
            if (tar.skip(tar.available()) <= 0 && tar.read(passed) < 0) {
                throw ImageException.invalid("the archive is cut off: in=" + what + " entry=" + name);
            }
        }
    }

    /// The bytes of the entry that came last.
    InputStream content() {
        return tar;
    }

    /// Where in the stream the bytes of the entry that came last begin.
    long contentOffset() {
        return contentOffset;
    }

    /// Entries so far.
    int count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    /// Bytes, as many as are allowed at the moment.
    private static final class Bounded extends FilterInputStream {
        private long allowedBytes = HEADER_BYTES_MAX;
        private long position;

        Bounded(InputStream bytes) {
            super(bytes);
        }

        void allow(long bytes) {
            allowedBytes = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (allowedBytes <= 0) {
                throw new ImageException(
                        TOO_LARGE, "an entry's header is too large: bytesMax=" + HEADER_BYTES_MAX);
            }
            int read = in.read(bytes, offset, (int) Math.min(length, allowedBytes));
            note(Math.max(0, read));
            return read;
        }

        @Override
        public long skip(long wanted) throws IOException {
            long skipped = in.skip(Math.min(wanted, allowedBytes));
            note(skipped);
            return skipped;
        }

        private void note(long passedBytes) {
            allowedBytes -= passedBytes;
            position += passedBytes;
        }
    }
}
