package io.holdfast.hostio.disk;

/// No room (ENOSPC, EDQUOT). What is stored can be read and deleted.
public final class DiskFullException extends DiskException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message) {
        super(message);
    }

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
