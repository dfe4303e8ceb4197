package io.holdfast.hostio.blockdevice;

/// The device takes no changes. Do not retry.
public final class DeviceReadOnlyException extends BlockDeviceException {
    private static final long serialVersionUID = 1L;

    public DeviceReadOnlyException(String message) {
        super(message);
    }

    public DeviceReadOnlyException(String message, Throwable cause) {
        super(message, cause);
    }
}
