package io.holdfast.hostio.blob;

import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.BlockRun;
import io.holdfast.hostio.log.StreamReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads blobs of a store that another process serves, by the places of their blocks. Concurrent; blocks.
public final class PlacedReader {
    /// The volume of blobs is the only one of its family, so a block's key is its number.
    private static final long KEY_MASK = BlobStore.VOLUME_BYTES / BlobStore.BLOCK_BYTES - 1;

    private final StreamReader stream;

    public PlacedReader(StreamReader stream) {
        this.stream = stream;
    }

    /// Fills the target, from its position on, with whole blocks; the position stays.
    ///
    /// @param firstBlock the first block's number in the store
    /// @param places where this block and those behind it lie; as many as are wanted
    /// @throws io.holdfast.hostio.chunkstore.ChunkStoreException if a block is not there any more, or cannot
    /// be read at all
    public void read(long firstBlock, long[] places, ByteBuffer target) {
        stream.read(runs(firstBlock, places, target), target);
    }

    private static List<BlockRun> runs(long firstBlock, long[] places, ByteBuffer target) {
        List<BlockRun> runs = new ArrayList<>();
        BlockRun run = null;
        for (int i = 0; i < places.length; i++) {
            int offset = i * BlobStore.BLOCK_BYTES;
            if (places[i] == BlockPlace.NONE) {
                target.put(target.position() + offset, new byte[BlobStore.BLOCK_BYTES]);
            } else if (run != null && run.isContinuedBy(places[i], firstBlock + i, offset)) {
                run = run.longer();
            } else {
                if (run != null) {
                    runs.add(run);
                }
                run = new BlockRun(places[i], 1, firstBlock + i, KEY_MASK, offset);
            }
        }
        if (run != null) {
            runs.add(run);
        }
        return runs;
    }
}
