package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FragmentId;

/// Hears of strips that are not what was written, found while reading. Must be quick; may be called from any
/// thread, and several times for the same strip.
@FunctionalInterface
public interface DamageListener {
    void onDamaged(FragmentId fragment, int row, ChunkStoreException reason);
}
