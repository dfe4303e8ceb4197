package io.holdfast.hostio.log;

import io.holdfast.hostio.erasure.ErasureCodecs;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.row.RowShape;
import java.util.List;

/// A chunk that its lane appends to, and how far it is. Guarded by the lane.
final class OpenChunk {
    private static final int BLOCK_BYTES = 4096;
    private static final int STRIPS_PER_HEADER = 15;

    private final ChunkRecord record;
    private final List<FragmentHolder> holders;
    private final long fragmentBytesMax;
    private int nextRow;
    private long fragmentBytes;
    private int ackedRows;
    private long ackedBytes;
    private long firstSequence = Long.MAX_VALUE;
    private long lastSequence;
    private int flights;
    private boolean isRetired;
    private boolean isSealing;

    OpenChunk(ChunkRecord record, List<FragmentHolder> holders, long fragmentBytesMax) {
        this.record = record;
        this.holders = holders;
        this.fragmentBytesMax = fragmentBytesMax;
        ErasureCodecs.best(record.profile());
    }

    ChunkRecord record() {
        return record;
    }

    FragmentHolder holder(int index) {
        return holders.get(index);
    }

    HolderId holderId(int index) {
        return record.holders().get(index);
    }

    int dataStrips() {
        return record.profile().dataStrips();
    }

    /// Whether the rows fit: no fragment gets more than one strip of each.
    boolean fits(List<RowShape> shapes, int notes) {
        return nextRow + shapes.size() + notes <= BlockPlace.ROWS_MAX
                && fragmentBytes + bytesOf(shapes, notes) <= fragmentBytesMax;
    }

    private static long bytesOf(List<RowShape> shapes, int notes) {
        long blocks = ((long) shapes.size() + notes + STRIPS_PER_HEADER - 1) / STRIPS_PER_HEADER;
        for (RowShape shape : shapes) {
            blocks += shape.blocksPerStrip();
        }
        return blocks * BLOCK_BYTES;
    }

    /// Takes the next row numbers.
    int take(List<RowShape> shapes, int notes) {
        int first = nextRow;
        nextRow += shapes.size() + notes;
        fragmentBytes += bytesOf(shapes, notes);
        flights++;
        return first;
    }

    /// The rows up to here are acknowledged.
    void acknowledge(int rows, long dataBytes, long first, long last) {
        ackedRows += rows;
        ackedBytes += dataBytes;
        firstSequence = Math.min(firstSequence, first);
        lastSequence = last;
        flights--;
    }

    /// A row set of this chunk goes elsewhere instead.
    void withdraw() {
        flights--;
    }

    /// Takes no more rows.
    void retire() {
        isRetired = true;
    }

    /// Whether it is time to seal it; says so once.
    boolean beginSealing() {
        boolean isTime = isRetired && flights == 0 && !isSealing;
        isSealing |= isTime;
        return isTime;
    }

    int ackedRows() {
        return ackedRows;
    }

    long ackedBytes() {
        return ackedBytes;
    }

    long firstSequence() {
        return firstSequence;
    }

    long lastSequence() {
        return lastSequence;
    }
}
