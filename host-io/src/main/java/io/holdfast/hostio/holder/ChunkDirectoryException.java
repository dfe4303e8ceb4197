package io.holdfast.hostio.holder;

/// The directory could not decide. Retry later.
public sealed class ChunkDirectoryException extends RuntimeException permits TooFewHoldersException {
    private static final long serialVersionUID = 1L;

    public ChunkDirectoryException(String message) {
        super(message);
    }

    public ChunkDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
