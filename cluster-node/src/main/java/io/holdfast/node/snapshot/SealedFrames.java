package io.holdfast.node.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Bytes sealed with AES-256-GCM in frames that can be opened one by one, in any order.
///
///     frame:  text (64 KiB; the last one shorter) | tag (16)
///
/// The key seals one pack only; the nonce of a frame is its number, so none can be moved. How many bytes
/// there are is told, and authenticated, elsewhere.
final class SealedFrames {
    static final int FRAME_BYTES = 1 << 16;

    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private SealedFrames() {}

    /// What so many bytes in the clear take.
    static long sealedBytes(long plainBytes) {
        return plainBytes + (plainBytes + FRAME_BYTES - 1) / FRAME_BYTES * TAG_BYTES;
    }

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
    static final class Writer {
        private final OutputStream target;
        private final SecretKey key;
        private final Cipher cipher = cipher();
        private final byte[] frame = new byte[FRAME_BYTES];
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

        /// Seals the last frame.
        void finish() throws IOException {
            int filled = (int) (position % FRAME_BYTES);
            if (filled > 0) {
                seal(position / FRAME_BYTES, filled);
            }
        }

        private void seal(long number, int length) throws IOException {
            try {
                cipher.init(Cipher.ENCRYPT_MODE, key, nonce(number));
                target.write(cipher.doFinal(frame, 0, length));
            } catch (GeneralSecurityException failure) {
                throw new IOException("a frame cannot be sealed: frame=" + number, failure);
            }
        }
    }

    /// Opens frames as they are needed and keeps a few of them. Confined; the file is its maker's.
    static final class Reader {
        private static final int KEPT_MAX = 16;

        private final FileChannel file;
        private final long start;
        private final long plainBytes;
        private final SecretKey key;
        private final Cipher cipher = cipher();
        private final Map<Long, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);

        /// @param start where the first frame is
        /// @param plainBytes what all frames hold
        Reader(FileChannel file, long start, long plainBytes, SecretKey key) {
            this.file = file;
            this.start = start;
            this.plainBytes = plainBytes;
            this.key = key;
        }

        void read(long position, ByteBuffer target) throws IOException {
            if (position > plainBytes - target.remaining()) {
                throw new SnapshotDamagedException(
                        "a place beyond a pack's end: position=" + position + " bytes=" + plainBytes);
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
            byte[] opened = open(number);
            kept.put(number, opened);
            if (kept.size() > KEPT_MAX) {
                kept.remove(kept.keySet().iterator().next());
            }
            return opened;
        }

        private byte[] open(long number) throws IOException {
            int length = (int) Math.min(FRAME_BYTES, plainBytes - number * FRAME_BYTES);
            ByteBuffer sealed = ByteBuffer.allocate(length + TAG_BYTES);
            try {
                readFully(file, start + number * (FRAME_BYTES + TAG_BYTES), sealed);
                cipher.init(Cipher.DECRYPT_MODE, key, nonce(number));
                return cipher.doFinal(sealed.array());
            } catch (EOFException | AEADBadTagException damage) {
                throw new SnapshotDamagedException(
                        "a frame is not what was sealed: frame=" + number, damage);
            } catch (GeneralSecurityException failure) {
                throw new SnapshotDamagedException("a frame cannot be opened: frame=" + number, failure);
            }
        }
    }

    /// Fills the buffer from a place in a file.
    static void readFully(FileChannel file, long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = file.read(target, at);
            if (count < 0) {
                throw new EOFException("a file ends early: position=" + at);
            }
            at += count;
        }
    }
}
