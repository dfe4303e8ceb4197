package io.holdfast.gridstate.hazelcast.entry;

import java.util.Arrays;
import java.util.HexFormat;

/// A key as the ledger stores it. Immutable; ordered as the ledger's store orders keys.
public final class GridKey implements Comparable<GridKey> {
    private final byte[] bytes;

    private GridKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Takes the array over: the caller must not change it.
    public static GridKey of(byte[] stored) {
        return new GridKey(stored);
    }

    /// The stored form; not a copy, so the caller must not change it.
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(GridKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GridKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
