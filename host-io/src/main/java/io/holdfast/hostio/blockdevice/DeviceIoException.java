package io.holdfast.hostio.blockdevice;

/// The bytes could not be read or stored, or are not what was written. A retry may help.
public final class DeviceIoException extends BlockDeviceException {
    private static final long serialVersionUID = 1L;

    public DeviceIoException(String message) {
        super(message);
    }

    public DeviceIoException(String message, Throwable cause) {
        super(message, cause);
    }
}
