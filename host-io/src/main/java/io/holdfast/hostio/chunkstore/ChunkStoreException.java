package io.holdfast.hostio.chunkstore;

/// What can go wrong with a fragment; each kind says what the caller should do.
public abstract sealed class ChunkStoreException extends RuntimeException
        permits ConflictException, CorruptDataException, FencedException, FragmentNotFoundException,
                StripNotFoundException, StoreUnavailableException {
    private static final long serialVersionUID = 1L;

    ChunkStoreException(String message) {
        super(message);
    }

    ChunkStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
