package io.holdfast.gridstate.change;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.RecordVersion;
import java.nio.ByteBuffer;

/// The place of a change in the order of all changes. Zero stands before the first.
///
/// @param index the ledger entry
/// @param ordinal grows within the entry, with gaps
public record ChangePosition(long index, int ordinal) implements Comparable<ChangePosition> {
    public static final ChangePosition ZERO = new ChangePosition(0, 0);

    static final int BYTES = 12;

    public ChangePosition {
        Check.notNegative("a change's index", index);
        Check.notNegative("a change's ordinal", ordinal);
    }

    /// After everything that the entry changed.
    public static ChangePosition endOf(long index) {
        return new ChangePosition(index, Integer.MAX_VALUE);
    }

    /// Reads what [#toString()] writes.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static ChangePosition parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1 || text.length() > 32) {
            throw new IllegalArgumentException("a position is <index>.<ordinal>");
        }
        return new ChangePosition(
                Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    @Override
    public int compareTo(ChangePosition other) {
        int byIndex = Long.compare(index, other.index);
        return byIndex != 0 ? byIndex : Integer.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return index + "." + ordinal;
    }

    /// The version that the command which made the change gave to records.
    long version() {
        return RecordVersion.of(index, ordinal >> ChangeLog.CHANGE_BITS);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES).putLong(index).putInt(ordinal).array();
    }

    static ChangePosition decode(ByteBuffer bytes) {
        return new ChangePosition(bytes.getLong(), bytes.getInt());
    }
}
