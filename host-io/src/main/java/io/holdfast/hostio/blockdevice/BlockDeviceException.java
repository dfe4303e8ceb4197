package io.holdfast.hostio.blockdevice;

/// What can go wrong with an operation of a block device; each kind says what the caller should do.
public abstract sealed class BlockDeviceException extends RuntimeException
        permits OutOfRangeException, DeviceReadOnlyException, NoSpaceException, DeviceIoException,
                FencedException {
    private static final long serialVersionUID = 1L;

    BlockDeviceException(String message) {
        super(message);
    }

    BlockDeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
