package io.holdfast.hostio.disk;

/// The disk, or this store's folder on it, is not there any more.
public final class DiskGoneException extends DiskException {
    private static final long serialVersionUID = 1L;

    public DiskGoneException(String message) {
        super(message);
    }

    public DiskGoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
