package io.holdfast.hostio.image;

/// The most that an image may become on this machine.
///
/// @param bytesMax of one layer, unpacked
/// @param entryCountMax files, folders and links of one layer
/// @param layerCountMax layers of one image
public record UnpackLimits(long bytesMax, int entryCountMax, int layerCountMax) {
    /// Room for the largest images in use: 32 GiB and two million files a layer.
    public static final UnpackLimits STANDARD = new UnpackLimits(32L << 30, 2_000_000, 64);

    public UnpackLimits {
        if (bytesMax < 1 || entryCountMax < 1 || layerCountMax < 1) {
            throw new IllegalArgumentException("limits are positive: bytesMax=" + bytesMax + " entryCountMax="
                    + entryCountMax + " layerCountMax=" + layerCountMax);
        }
    }
}
