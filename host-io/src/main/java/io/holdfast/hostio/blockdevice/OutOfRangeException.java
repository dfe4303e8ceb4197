package io.holdfast.hostio.blockdevice;

/// The range is not within the device, or not a multiple of its smallest block. Fix the request.
public final class OutOfRangeException extends BlockDeviceException {
    private static final long serialVersionUID = 1L;

    public OutOfRangeException(String message) {
        super(message);
    }

    /// Throws unless the range lies within a device of this size and geometry.
    public static void check(long offset, long length, long sizeBytes, BlockGeometry geometry) {
        if (offset < 0 || length < 0 || offset > sizeBytes - length || !geometry.isAligned(offset, length)) {
            throw new OutOfRangeException("no such range: offset=" + offset + " length=" + length
                    + " sizeBytes=" + sizeBytes + " minimumBytes=" + geometry.minimumBytes());
        }
    }
}
