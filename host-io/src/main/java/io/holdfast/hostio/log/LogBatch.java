package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.row.RowEncoder;
import io.holdfast.hostio.row.RowShape;
import io.holdfast.hostio.row.StripContent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Blocks, or notes, that become durable together. Filled by its owner, then lent to a lane until [#done]
/// completes; confined to one of them at a time. No block number comes twice.
public final class LogBatch {
    /// How many blocks a batch has room for: 1 MiB, a few rows of the widest strips.
    public static final int BLOCKS_MAX = 256;

    private static final int BLOCK_BYTES = StripHeader.BLOCK_BYTES;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(BLOCKS_MAX * BLOCK_BYTES);
    private final BatchMemory coded = new BatchMemory();
    private final long[] keys = new long[BLOCKS_MAX];
    private final long[] births = new long[BLOCKS_MAX];
    private final long[] places = new long[BLOCKS_MAX];
    private final long[] sequences = new long[BLOCKS_MAX];
    private final List<ByteBuffer> notes = new ArrayList<>();
    private CompletableFuture<Void> done = new CompletableFuture<>();
    private int count;
    private boolean isMove;
    private boolean isStray;
    private long sentNanos;

    /// Adds a block and returns its number in the batch.
    ///
    /// @param source 4 KiB from its position on, which moves on
    public int add(long key, ByteBuffer source) {
        int at = count;
        set(at, source);
        keys[at] = key;
        births[at] = StripBody.NO_BLOCK;
        count++;
        return at;
    }

    /// Adds a block that was written before, at sequence `birth`. A batch moves all of its blocks or none.
    public int addMoved(long key, long birth, ByteBuffer source) {
        if (count > 0 && !isMove) {
            throw new IllegalStateException("the batch holds new blocks: count=" + count);
        }
        int at = add(key, source);
        births[at] = birth;
        isMove = true;
        return at;
    }

    /// Replaces the bytes of a block added before.
    public void set(int at, ByteBuffer source) {
        int end = source.position() + BLOCK_BYTES;
        memory.put(at * BLOCK_BYTES, source, source.position(), BLOCK_BYTES);
        source.position(end);
    }

    /// Adds a note: a row of its own without blocks. A batch has notes or blocks, not both.
    ///
    /// @param body [StripHeader#BODY_BYTES] bytes
    public void addNote(ByteBuffer body) {
        if (count > 0) {
            throw new IllegalStateException("the batch holds blocks: count=" + count);
        }
        ByteBuffer copy = ByteBuffer.allocate(StripHeader.BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        notes.add(copy.put(body.duplicate()).flip());
    }

    /// The bytes of a block, to be read only.
    public ByteBuffer block(int at) {
        return memory.slice(at * BLOCK_BYTES, BLOCK_BYTES);
    }

    public int count() {
        return count;
    }

    public boolean isFull() {
        return count == BLOCKS_MAX;
    }

    public boolean isEmpty() {
        return count == 0 && notes.isEmpty();
    }

    public boolean hasNotes() {
        return !notes.isEmpty();
    }

    public List<ByteBuffer> notes() {
        return notes;
    }

    public long key(int at) {
        return keys[at];
    }

    /// Where a block went; known once the batch is done.
    public long place(int at) {
        return places[at];
    }

    /// The sequence of a block's row, or of the `at`-th note; known once the batch is done.
    public long sequence(int at) {
        return sequences[at];
    }

    /// Completes when all is durable, or with why it never will be.
    public CompletableFuture<Void> done() {
        return done;
    }

    void sentAt(long nanos) {
        sentNanos = nanos;
    }

    long sentNanos() {
        return sentNanos;
    }

    /// Somebody may hold its memory even when it is done: it was sent to a holder that may yet read it.
    void stray() {
        isStray = true;
    }

    boolean isStray() {
        return isStray;
    }

    /// Makes the batch empty again; only when nobody holds its memory.
    void reset() {
        count = 0;
        isMove = false;
        notes.clear();
        coded.reset();
        done = new CompletableFuture<>();
    }

    /// How its blocks are divided into rows of a chunk; one row for each note.
    List<RowShape> shapes(int dataStrips) {
        if (hasNotes()) {
            return List.of();
        }
        return RowShape.divide(
                count, dataStrips, isMove ? StripBody.MOVED_BLOCKS_MAX : StripBody.BLOCKS_MAX);
    }

    /// Notes where the blocks of a row are going.
    ///
    /// @param first the row's first block in this batch
    void placeRow(int first, RowShape shape, RowAddress row) {
        for (int i = 0; i < shape.blocks(); i++) {
            int strip = RowEncoder.dataIndex(row.row(), i / shape.blocksPerStrip(), row.dataStrips());
            places[first + i] = BlockPlace.of(row.chunk(), row.row(), strip, i % shape.blocksPerStrip());
            sequences[first + i] = row.sequence();
        }
    }

    void placeNote(int at, long sequence) {
        sequences[at] = sequence;
    }

    /// Where a row goes.
    record RowAddress(long chunk, int row, int dataStrips, long sequence) {}

    /// Makes the strips of a row of blocks.
    List<Strip> encode(int first, RowShape shape, RowEncoder encoder, RowAddress row) {
        List<StripContent> contents = new ArrayList<>(shape.strips());
        for (int s = 0; s < shape.strips(); s++) {
            int begin = first + s * shape.blocksPerStrip();
            ByteBuffer payload =
                    memory.slice(begin * BLOCK_BYTES, shape.blocksPerStrip() * BLOCK_BYTES);
            contents.add(new StripContent(payload, body(begin, shape.blocksPerStrip())));
        }
        return encoder.encode(row.row(), row.sequence(), contents);
    }

    private ByteBuffer body(int begin, int blocks) {
        ByteBuffer body = StripBody.clear(coded.apply(StripHeader.BODY_BYTES));
        for (int i = 0; i < blocks; i++) {
            int checksum = Checksum.of(memory, (begin + i) * BLOCK_BYTES, BLOCK_BYTES);
            StripBody.put(body, i, keys[begin + i], checksum);
            if (isMove) {
                StripBody.putBirth(body, i, births[begin + i]);
            }
        }
        return body;
    }

    BatchMemory coded() {
        return coded;
    }

    @Override
    public String toString() {
        return "blocks=" + count + " notes=" + notes.size() + " keys="
                + Arrays.toString(Arrays.copyOf(keys, Math.min(count, 4)));
    }
}
