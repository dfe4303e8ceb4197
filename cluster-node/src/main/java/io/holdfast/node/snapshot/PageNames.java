package io.holdfast.node.snapshot;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Names pages by their bytes: 128 bits of SHA-256 over a key of the tenant and the page. Without the key
/// nobody can search for two pages of one name, so nobody who only sends an application its input can make
/// its snapshots unusable. Confined.
final class PageNames {
    private final MessageDigest digest;
    private final byte[] key;
    private final byte[] zeros;

    PageNames(byte[] key, int pageBytes) {
        this.key = key.clone();
        this.zeros = new byte[pageBytes];
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    boolean isZeros(byte[] bytes, int length) {
        return Arrays.equals(bytes, 0, length, zeros, 0, length);
    }

    /// The name, of which sixteen bytes remain to be read.
    ByteBuffer nameOf(byte[] bytes, int length) {
        digest.update(key);
        digest.update(bytes, 0, length);
        return ByteBuffer.wrap(digest.digest()).limit(2 * Long.BYTES);
    }
}
