package io.holdfast.hostio.blockdevice;

/// There is no space left to store it. Free some, then retry.
public final class NoSpaceException extends BlockDeviceException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message) {
        super(message);
    }

    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
