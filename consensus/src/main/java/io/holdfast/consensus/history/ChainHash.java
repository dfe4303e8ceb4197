package io.holdfast.consensus.history;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Computes the hash that chains an entry to the one before. Confined to one thread.
final class ChainHash {
    private final MessageDigest sha256;
    private final ByteBuffer numbers = ByteBuffer.allocate(3 * Long.BYTES);

    ChainHash() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    byte[] of(byte[] previousHash, long index, long term, long timeMillis, byte[] entry) {
        sha256.update(previousHash);
        numbers.clear().putLong(index).putLong(term).putLong(timeMillis);
        sha256.update(numbers.array());
        return sha256.digest(entry);
    }
}
