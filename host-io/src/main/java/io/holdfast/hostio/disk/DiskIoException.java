package io.holdfast.hostio.disk;

/// The disk failed this operation (EIO and whatever has no kind of its own).
public final class DiskIoException extends DiskException {
    private static final long serialVersionUID = 1L;

    public DiskIoException(String message) {
        super(message);
    }

    public DiskIoException(String message, Throwable cause) {
        super(message, cause);
    }
}
