package io.holdfast.node.snapshot;

import static io.holdfast.node.snapshot.FrameTable.FRAME_BYTES;
import static io.holdfast.node.snapshot.FrameTable.TAG_BYTES;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Bytes in frames, each compressed (Zstandard, RFC 8878) and sealed with AES-256-GCM, that can be opened
/// one by one, in any order.
///
///     frame:  text | tag (16)
///     text:   64 KiB, of the last frame fewer; or the same compressed, if that is shorter
///
/// The key seals one pack only; the nonce of a frame is its number, so none can be moved. How many bytes
/// there are, and how long each frame is ([FrameTable]), is told, and authenticated, elsewhere.
final class SealedFrames {
    /// The memory of a Java service becomes half as long; higher levels take twice the time for a tenth more.
    private static final int LEVEL = 1;

    private static final int NONCE_BYTES = 12;

    private SealedFrames() {}

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has AES-GCM", missing);
        }
    }

    private static GCMParameterSpec nonce(long frame) {
        return new GCMParameterSpec(
                TAG_BYTES * 8, ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(frame).array());
    }

    /// Seals what is appended. Confined; the target is its maker's.
    static final class Writer implements AutoCloseable {
        private final OutputStream target;
        private final SecretKey key;
        private final Cipher cipher = cipher();
        private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
        private final byte[] frame = new byte[FRAME_BYTES];
        private final byte[] compressed = new byte[FRAME_BYTES];
        private final FrameTable.Builder frames = new FrameTable.Builder();
        private long position;

        Writer(OutputStream target, SecretKey key) {
            this.target = target;
            this.key = key;
        }

        /// The bytes that were appended so far.
        long position() {
            return position;
        }

        void append(byte[] bytes, int length) throws IOException {
            int from = 0;
            while (from < length) {
                int filled = (int) (position % FRAME_BYTES);
                int part = Math.min(length - from, FRAME_BYTES - filled);
                System.arraycopy(bytes, from, frame, filled, part);
                from += part;
                position += part;
                if (filled + part == FRAME_BYTES) {
                    seal(position / FRAME_BYTES - 1, FRAME_BYTES);
                }
            }
        }

        /// Seals the last frame, and tells where all of them lie.
        FrameTable finish() throws IOException {
            int filled = (int) (position % FRAME_BYTES);
            if (filled > 0) {
                seal(position / FRAME_BYTES, filled);
            }
            return frames.build();
        }

        private void seal(long number, int length) throws IOException {
            int shorter = compress(length);
            byte[] text = shorter < length ? compressed : frame;
            try {
                cipher.init(Cipher.ENCRYPT_MODE, key, nonce(number));
                target.write(cipher.doFinal(text, 0, shorter));
            } catch (GeneralSecurityException failure) {
                throw new IOException("a frame cannot be sealed: frame=" + number, failure);
            }
            frames.add(shorter);
        }

        /// Answers the bytes that it has compressed, or that it would not become shorter.
        private int compress(int length) {
            try {
                int bytes = compressor.compressByteArray(compressed, 0, length, frame, 0, length);
                return Math.min(bytes, length);
            } catch (ZstdException notShorter) {
                return length;
            }
        }

        @Override
        public void close() {
            compressor.close();
        }
    }

    /// Opens frames as they are needed and keeps a few of them. Confined; the source is its maker's.
    static final class Reader implements AutoCloseable {
        private static final int KEPT_MAX = 16;

        private final PackSource source;
        private final long start;
        private final PackDirectory.Pack pack;
        private final SecretKey key;
        private final Cipher cipher = cipher();
        private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
        private final Map<Long, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);

        /// @param start where the first frame is
        Reader(PackSource source, long start, PackDirectory.Pack pack, SecretKey key) {
            this.source = source;
            this.start = start;
            this.pack = pack;
            this.key = key;
        }

        void read(long position, ByteBuffer target) throws IOException {
            if (position > pack.plainBytes() - target.remaining()) {
                throw new SnapshotDamagedException("a place beyond a pack's end: position=" + position
                        + " bytes=" + pack.plainBytes());
            }
            long at = position;
            while (target.hasRemaining()) {
                byte[] frame = frame(at / FRAME_BYTES);
                int within = (int) (at % FRAME_BYTES);
                int part = Math.min(target.remaining(), frame.length - within);
                target.put(frame, within, part);
                at += part;
            }
        }

        private byte[] frame(long number) throws IOException {
            byte[] known = kept.get(number);
            if (known != null) {
                return known;
            }
            byte[] opened = open((int) number);
            kept.put(number, opened);
            if (kept.size() > KEPT_MAX) {
                kept.remove(kept.keySet().iterator().next());
            }
            return opened;
        }

        private byte[] open(int number) throws IOException {
            int length = (int) Math.min(FRAME_BYTES, pack.plainBytes() - (long) number * FRAME_BYTES);
            ByteBuffer sealed = ByteBuffer.allocate(pack.frames().sealedBytes(number));
            try {
                source.read(start + pack.frames().positionOf(number), sealed);
                cipher.init(Cipher.DECRYPT_MODE, key, nonce(number));
                byte[] text = cipher.doFinal(sealed.array());
                return text.length == length ? text : decompressed(text, length);
            } catch (EOFException | AEADBadTagException | ZstdException damage) {
                throw new SnapshotDamagedException(
                        "a frame is not what was sealed: frame=" + number, damage);
            } catch (GeneralSecurityException failure) {
                throw new SnapshotDamagedException("a frame cannot be opened: frame=" + number, failure);
            }
        }

        private byte[] decompressed(byte[] text, int length) throws EOFException {
            byte[] plain = new byte[length];
            int bytes = decompressor.decompressByteArray(plain, 0, length, text, 0, text.length);
            if (bytes != length) {
                throw new EOFException("it holds less: bytes=" + bytes);
            }
            return plain;
        }

        @Override
        public void close() {
            decompressor.close();
        }
    }
}
