package io.holdfast.hostio.chunkstore;

/// No disk of this store holds the fragment.
public final class FragmentNotFoundException extends ChunkStoreException {
    private static final long serialVersionUID = 1L;

    public FragmentNotFoundException(String message) {
        super(message);
    }
}
