package io.holdfast.hostio.volume;

import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.ChunkListener;

/// Keeps the usage of chunks as they come and are sealed. Concurrent.
final class UsageListener implements ChunkListener {
    private final Family family;

    UsageListener(Family family) {
        this.family = family;
    }

    @Override
    public void onOpened(ChunkRecord chunk, int lane) {
        family.lock.lock();
        try {
            family.usage().use(chunk.number()).generation = lane;
        } finally {
            family.lock.unlock();
        }
    }

    @Override
    public long usefulBytes(ChunkRecord chunk, long lengthBytes) {
        family.lock.lock();
        try {
            return family.usage().use(chunk.number()).usefulBlocks * Volume.BLOCK_BYTES;
        } finally {
            family.lock.unlock();
        }
    }

    @Override
    public void onSealed(ChunkRecord chunk, SealedExtent extent) {
        family.lock.lock();
        try {
            ChunkUsage.Use use = family.usage().use(chunk.number());
            use.isSealed = true;
            use.lengthBytes = chunk.lengthBytes();
            use.rows = extent.rows();
            use.firstSequence = extent.firstSequence();
            use.lastSequence = extent.lastSequence();
        } finally {
            family.lock.unlock();
        }
    }
}
