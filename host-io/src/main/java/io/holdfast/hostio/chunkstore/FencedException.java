package io.holdfast.hostio.chunkstore;

/// A newer writer has announced itself for the stream. Stop for good.
public final class FencedException extends ChunkStoreException {
    private static final long serialVersionUID = 1L;
    private final long newestToken;

    public FencedException(long stream, long token, long newestToken) {
        this("a newer writer has the stream: stream=" + Long.toHexString(stream) + " token=" + token
                + " newestToken=" + newestToken, newestToken);
    }

    /// As another host says it.
    public FencedException(String message, long newestToken) {
        super(message);
        this.newestToken = newestToken;
    }

    public long newestToken() {
        return newestToken;
    }
}
