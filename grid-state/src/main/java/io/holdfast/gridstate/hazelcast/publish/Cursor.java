package io.holdfast.gridstate.hazelcast.publish;

import java.util.Arrays;
import java.util.HexFormat;

/// Where a walk over a catalog's keys stands. Immutable.
public final class Cursor {
    static final Cursor START = new Cursor(new byte[0]);

    private final byte[] fromInclusive;

    private Cursor(byte[] fromInclusive) {
        this.fromInclusive = fromInclusive;
    }

    /// Behind the key.
    static Cursor after(byte[] key) {
        return new Cursor(Arrays.copyOf(key, key.length + 1));
    }

    byte[] fromInclusive() {
        return fromInclusive;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cursor that && Arrays.equals(fromInclusive, that.fromInclusive);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fromInclusive);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(fromInclusive);
    }
}
