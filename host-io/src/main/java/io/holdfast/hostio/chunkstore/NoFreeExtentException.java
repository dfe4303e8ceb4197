package io.holdfast.hostio.chunkstore;

/// A change needs space that is still being prepared: it waits, and is tried again.
final class NoFreeExtentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoFreeExtentException(String disk) {
        super("no extent is free yet: disk=" + disk);
    }
}
