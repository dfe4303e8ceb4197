package io.holdfast.hostio.chunkstore;

/// The fragment has no strip for the row.
public final class StripNotFoundException extends ChunkStoreException {
    private static final long serialVersionUID = 1L;

    public StripNotFoundException(String message) {
        super(message);
    }
}
