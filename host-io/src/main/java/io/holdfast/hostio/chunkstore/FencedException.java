package io.holdfast.hostio.chunkstore;

/// A newer writer has announced itself for the stream. Stop for good.
public final class FencedException extends ChunkStoreException {
    private static final long serialVersionUID = 1L;
    private final long newestToken;

    public FencedException(long stream, long token, long newestToken) {
        super("a newer writer has the stream: stream=" + Long.toHexString(stream) + " token=" + token
                + " newestToken=" + newestToken);
        this.newestToken = newestToken;
    }

    public long newestToken() {
        return newestToken;
    }
}
