package io.holdfast.hostio.blockdevice;

/// Somebody else holds the device now. Stop for good.
public final class FencedException extends BlockDeviceException {
    private static final long serialVersionUID = 1L;

    public FencedException(String message) {
        super(message);
    }

    public FencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
