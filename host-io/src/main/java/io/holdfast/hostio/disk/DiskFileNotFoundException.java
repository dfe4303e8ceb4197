package io.holdfast.hostio.disk;

/// There is no file of that name.
public final class DiskFileNotFoundException extends DiskException {
    private static final long serialVersionUID = 1L;

    public DiskFileNotFoundException(String message) {
        super(message);
    }

    public DiskFileNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
