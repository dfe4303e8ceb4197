package io.holdfast.node.snapshot;

import io.holdfast.gridstate.snapshot.SnapshotKey;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Bytes sealed with AES-256-GCM, frame by frame, so that each is verified before it is handed on and none
/// can be left out, repeated, moved, cut off, or taken from another snapshot.
///
///     header:  magic "HFSEAL01" (8) | salt (32)
///     frame:   length of its text (4, big endian; highest bit set in the last frame) | text | tag (16)
///
/// The key is derived from the tenant's key, the snapshot's name and the salt, so it seals one stream only;
/// the nonce of a frame is its number, and the four bytes before it are authenticated with it.
final class SealedStream {
    static final int FRAME_BYTES = 1 << 20;

    private static final byte[] MAGIC = "HFSEAL01".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int SALT_BYTES = 32;
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int LAST = 1 << 31;

    private SealedStream() {}

    /// What is written to the stream arrives sealed; closing it completes the seal and the target.
    static OutputStream seal(OutputStream target, TenantKeys keys, SnapshotKey key, SecureRandom random)
            throws IOException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        OutputStream buffered = new BufferedOutputStream(target, FRAME_BYTES + 64);
        buffered.write(MAGIC);
        buffered.write(salt);
        return new Sealing(buffered, keys.sealingKey(key, salt));
    }

    /// What was sealed for this snapshot.
    static InputStream open(InputStream source, TenantKeys keys, SnapshotKey key) throws IOException {
        DataInputStream input = new DataInputStream(source);
        byte[] magic = input.readNBytes(MAGIC.length);
        byte[] salt = input.readNBytes(SALT_BYTES);
        if (!java.util.Arrays.equals(magic, MAGIC) || salt.length != SALT_BYTES) {
            throw new SnapshotDamagedException("not a sealed snapshot: key=" + key);
        }
        return new Opening(input, keys.sealingKey(key, salt), key);
    }

    private static Cipher cipher(
            int mode, SecretKey key, long frame, int head) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce =
                ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(frame).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(head).array());
        return cipher;
    }

    /// Confined to its writer.
    private static final class Sealing extends OutputStream {
        private final OutputStream target;
        private final SecretKey key;
        private final byte[] frame = new byte[FRAME_BYTES];
        private int filled;
        private long number;
        private boolean closed;

        Sealing(OutputStream target, SecretKey key) {
            this.target = target;
            this.key = key;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            while (left > 0) {
                if (filled == FRAME_BYTES) {
                    flushFrame(false);
                }
                int part = Math.min(left, FRAME_BYTES - filled);
                System.arraycopy(bytes, from, frame, filled, part);
                filled += part;
                from += part;
                left -= part;
            }
        }

        private void flushFrame(boolean isLast) throws IOException {
            int head = isLast ? filled | LAST : filled;
            try {
                byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, number, head).doFinal(frame, 0, filled);
                target.write(ByteBuffer.allocate(Integer.BYTES).putInt(head).array());
                target.write(sealed);
            } catch (GeneralSecurityException e) {
                throw new IOException("a frame cannot be sealed", e);
            }
            number++;
            filled = 0;
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                flushFrame(true);
                target.close();
            }
        }
    }

    /// Confined to its reader.
    private static final class Opening extends InputStream {
        private final DataInputStream source;
        private final SecretKey key;
        private final SnapshotKey name;
        private byte[] frame = {};
        private int position;
        private long number;
        private boolean wasLast;

        Opening(DataInputStream source, SecretKey key, SnapshotKey name) {
            this.source = source;
            this.key = key;
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (position == frame.length && !wasLast) {
                nextFrame();
            }
            if (position == frame.length) {
                return length == 0 ? 0 : -1;
            }
            int part = Math.min(length, frame.length - position);
            System.arraycopy(frame, position, bytes, offset, part);
            position += part;
            return part;
        }

        private void nextFrame() throws IOException {
            try {
                int head = source.readInt();
                int length = head & ~LAST;
                if (length > FRAME_BYTES) {
                    throw damaged("a frame is too long", null);
                }
                byte[] sealed = source.readNBytes(length + TAG_BYTES);
                frame = cipher(Cipher.DECRYPT_MODE, key, number, head).doFinal(sealed);
                position = 0;
                number++;
                wasLast = (head & LAST) != 0;
                if (wasLast && source.read() >= 0) {
                    throw damaged("bytes follow the last frame", null);
                }
            } catch (EOFException e) {
                throw damaged("it ends early", e);
            } catch (AEADBadTagException e) {
                throw damaged("a frame is not what was sealed", e);
            } catch (GeneralSecurityException e) {
                throw damaged("a frame cannot be opened", e);
            }
        }

        private SnapshotDamagedException damaged(
                String what, @org.jspecify.annotations.Nullable Exception cause) {
            String message = what + ": snapshot=" + name + " frame=" + number;
            return cause == null
                    ? new SnapshotDamagedException(message)
                    : new SnapshotDamagedException(message, cause);
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }
}
