package io.holdfast.hostio.chunkstore;

/// It was not done, or may have been done without being durable: the disk failed, or too much is waiting.
/// Use another disk or host, or retry later; a retry of the same strip is harmless.
public final class StoreUnavailableException extends ChunkStoreException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message) {
        super(message);
    }

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
