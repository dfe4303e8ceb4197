package io.holdfast.gridstate.hazelcast.entry;

import java.nio.ByteBuffer;

/// A fingerprint of which keys a partition holds at which index, whatever their order. Immutable. Two sets
/// that differ have the same digest with a chance of about 2^-64.
///
/// @param count how many records
/// @param hash the sum of their hashes
public record PartitionDigest(long count, long hash) {
    public static final PartitionDigest EMPTY = new PartitionDigest(0, 0);

    private static final int BYTES = 16;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    public PartitionDigest plus(byte[] key, long index) {
        return new PartitionDigest(count + 1, hash + mix(mix(hashOf(key)) ^ index));
    }

    /// 64 bits: with 32, keys of a large catalog would meet.
    private static long hashOf(byte[] key) {
        long result = key.length;
        for (byte each : key) {
            result = (result ^ each) * MULTIPLIER;
            result ^= result >>> 29;
        }
        return result;
    }

    /// The finalizer of SplitMix64.
    private static long mix(long value) {
        long first = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
        return second ^ (second >>> 31);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES).putLong(count).putLong(hash).array();
    }

    static PartitionDigest decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("not a digest: bytes=" + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new PartitionDigest(buffer.getLong(), buffer.getLong());
    }
}
