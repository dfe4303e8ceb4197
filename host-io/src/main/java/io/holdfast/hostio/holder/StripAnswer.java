package io.holdfast.hostio.holder;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.StripHeader;
import java.nio.ByteBuffer;

/// What a holder has to say to a [StripRange].
public sealed interface StripAnswer {
    /// Its bytes.
    ///
    /// @param header what the strip says about itself
    /// @param bytes the blocks asked for, or the whole payload; owned by the receiver
    record Found(StripHeader header, ByteBuffer bytes) implements StripAnswer {}

    /// Why there are none: not found, corrupt, or a disk that failed.
    record Failed(ChunkStoreException reason) implements StripAnswer {}
}
