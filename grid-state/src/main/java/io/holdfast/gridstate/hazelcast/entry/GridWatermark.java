package io.holdfast.gridstate.hazelcast.entry;

import io.holdfast.consensus.Term;
import io.holdfast.gridstate.change.ChangePosition;
import java.nio.ByteBuffer;

/// How far the grid has been published to: every change up to the position is in it. Immutable. Kept in the
/// grid itself, so that it is lost together with what it speaks of.
///
/// @param term of the leader that wrote it; a leader of an earlier term can no longer move it
/// @param position only grows
/// @param beat grows with each write of one leader: a sign of life where nothing changes
public record GridWatermark(Term term, ChangePosition position, long beat) {
    private static final int BYTES = 28;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(term.value())
                .putLong(position.index())
                .putInt(position.ordinal())
                .putLong(beat)
                .array();
    }

    static GridWatermark decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("not a watermark: bytes=" + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Term term = new Term(buffer.getLong());
        ChangePosition position = new ChangePosition(buffer.getLong(), buffer.getInt());
        return new GridWatermark(term, position, buffer.getLong());
    }
}
