package io.holdfast.hostio.blockdevice;

/// The sizes of requests that a device accepts and likes.
///
/// @param minimumBytes what offsets and lengths are multiples of: a power of two, 1 to 65,536
/// @param preferredBytes from where on aligned requests cost nothing extra: a power of two, at least 512
/// @param maximumBytes the largest read or write the device likes in one call
public record BlockGeometry(int minimumBytes, int preferredBytes, int maximumBytes) {
    /// Any byte range, 4 KiB preferred, at most 32 MiB: what NBD takes for granted when nothing is said.
    public static final BlockGeometry DEFAULT = new BlockGeometry(1, 4096, 32 << 20);

    private static final int MINIMUM_BYTES_MAX = 1 << 16;
    private static final int PREFERRED_BYTES_MIN = 512;

    public BlockGeometry {
        if (Integer.bitCount(minimumBytes) != 1 || minimumBytes < 1 || minimumBytes > MINIMUM_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the minimum is a power of two, 1 to 65,536: minimumBytes=" + minimumBytes);
        }
        if (Integer.bitCount(preferredBytes) != 1
                || preferredBytes < Math.max(minimumBytes, PREFERRED_BYTES_MIN)) {
            throw new IllegalArgumentException(
                    "the preferred size is a power of two, at least 512 and the minimum: preferredBytes="
                            + preferredBytes);
        }
        if (maximumBytes < preferredBytes || maximumBytes % minimumBytes != 0) {
            throw new IllegalArgumentException(
                    "the maximum is a multiple of the minimum, at least the preferred size: maximumBytes="
                            + maximumBytes);
        }
    }

    /// Whether offset and length are multiples of the minimum.
    public boolean isAligned(long offset, long length) {
        return ((offset | length) & (minimumBytes - 1)) == 0;
    }
}
