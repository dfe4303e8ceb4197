package io.holdfast.hostio.chunkstore;

/// Stored bytes are not what was written. Repair from the other fragments.
public final class CorruptDataException extends ChunkStoreException {
    private static final long serialVersionUID = 1L;
    private final transient Place where;

    public CorruptDataException(Place where, String expected, String actual) {
        super("stored bytes are not what was written: where=" + where + " expected=" + expected + " actual="
                + actual);
        this.where = where;
    }

    public Place where() {
        return where;
    }
}
