package io.holdfast.hostio.disk;

/// The disk takes no more writes (EROFS). What is stored can be read.
public final class DiskReadOnlyException extends DiskException {
    private static final long serialVersionUID = 1L;

    public DiskReadOnlyException(String message) {
        super(message);
    }

    public DiskReadOnlyException(String message, Throwable cause) {
        super(message, cause);
    }
}
