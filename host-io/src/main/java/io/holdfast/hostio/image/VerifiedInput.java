package io.holdfast.hostio.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Bytes that turn out, at their end, to be what their digest says; the end is not reached otherwise.
/// Confined to its reader.
final class VerifiedInput extends FilterInputStream {
    private final Blob blob;
    private final MessageDigest digest;
    private long count;
    private boolean isVerified;

    VerifiedInput(InputStream bytes, Blob blob) {
        super(bytes);
        this.blob = blob;
        this.digest = Digests.of(blob.digest());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = readFromSource(bytes, offset, length);
        if (read < 0) {
            verify();
            return -1;
        }
        count += read;
        if (count > blob.sizeBytes()) {
            throw ImageException.invalid(
                    "longer than it should be: digest=" + blob.digest() + " sizeBytes=" + blob.sizeBytes());
        }
        digest.update(bytes, offset, read);
        return read;
    }

    private int readFromSource(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (ImageException known) {
            throw known;
        } catch (IOException failure) {
            throw new ImageException(ImageException.Kind.UNAVAILABLE, "cannot be read to its end: digest="
                    + blob.digest() + " readBytes=" + count + " reason=" + failure.getMessage(), failure);
        }
    }

    @Override
    public long skip(long wanted) throws IOException {
        byte[] skipped = new byte[Math.clamp(wanted, 0, 8_192)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void verify() throws ImageException {
        if (isVerified) {
            return;
        }
        if (count != blob.sizeBytes()) {
            throw ImageException.invalid("shorter than it should be: digest=" + blob.digest() + " sizeBytes="
                    + blob.sizeBytes() + " readBytes=" + count);
        }
        Digests.require(blob.digest(), digest);
        isVerified = true;
    }
}
