package io.holdfast.hostio.disk;

/// What a disk can answer instead of doing its work. Each kind is a state of the disk, not of the process.
public abstract sealed class DiskException extends RuntimeException
        permits DiskFullException, DiskIoException, DiskReadOnlyException, DiskGoneException,
                DiskFileNotFoundException {
    private static final long serialVersionUID = 1L;

    DiskException(String message) {
        super(message);
    }

    DiskException(String message, Throwable cause) {
        super(message, cause);
    }
}
