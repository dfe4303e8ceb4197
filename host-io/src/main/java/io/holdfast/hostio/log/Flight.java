package io.holdfast.hostio.log;

import io.holdfast.hostio.row.RowShape;
import java.util.List;

/// A batch on its way to one chunk. If the chunk fails it is succeeded by another flight of the same batch.
/// Guarded by the lane.
final class Flight {
    private final LogBatch batch;
    private final OpenChunk chunk;
    private final List<RowShape> shapes;
    private final int firstRow;
    private final long firstSequence;
    private final long sentNanos;
    private int unansweredMask;
    private int askedMask;
    private boolean isSent;
    private boolean isWithdrawn;

    Flight(LogBatch batch, OpenChunk chunk, List<RowShape> shapes, long firstSequence, long sentNanos) {
        this.batch = batch;
        this.chunk = chunk;
        this.shapes = shapes;
        this.firstRow = chunk.take(shapes, batch.notes().size());
        this.firstSequence = firstSequence;
        this.sentNanos = sentNanos;
        place();
    }

    private void place() {
        int first = 0;
        for (int i = 0; i < shapes.size(); i++) {
            batch.placeRow(first, shapes.get(i), address(i));
            first += shapes.get(i).blocks();
        }
        for (int i = 0; i < batch.notes().size(); i++) {
            batch.placeNote(i, firstSequence + i);
        }
    }

    /// Where the i-th row goes.
    LogBatch.RowAddress address(int i) {
        return new LogBatch.RowAddress(
                chunk.record().number(), firstRow + i, chunk.dataStrips(), firstSequence + i);
    }

    LogBatch batch() {
        return batch;
    }

    OpenChunk chunk() {
        return chunk;
    }

    List<RowShape> shapes() {
        return shapes;
    }

    int rows() {
        return shapes.size() + batch.notes().size();
    }

    long sentNanos() {
        return sentNanos;
    }

    /// These fragments get strips of it.
    void asked(int mask) {
        askedMask |= mask;
        unansweredMask |= mask;
    }

    void sent() {
        isSent = true;
    }

    void answered(int index) {
        unansweredMask &= ~(1 << index);
    }

    int unansweredMask() {
        return unansweredMask;
    }

    /// Whether any holder at all has answered: if none, the trouble may be ours.
    boolean hasAnswer() {
        return unansweredMask != askedMask;
    }

    boolean isDurable() {
        return isSent && unansweredMask == 0;
    }

    /// Its answers no longer count.
    void withdraw() {
        isWithdrawn = true;
        batch.stray();
        chunk.withdraw();
    }

    boolean isWithdrawn() {
        return isWithdrawn;
    }

    void acknowledge() {
        chunk.acknowledge(rows(), (long) batch.count() * 4096, firstSequence, firstSequence + rows() - 1);
    }
}
