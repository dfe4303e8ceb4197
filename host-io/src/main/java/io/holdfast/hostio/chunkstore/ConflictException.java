package io.holdfast.hostio.chunkstore;

/// It contradicts what is stored: the fragment exists, is sealed, or holds another strip for the row.
public final class ConflictException extends ChunkStoreException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(message);
    }
}
