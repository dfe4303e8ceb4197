package io.holdfast.hostio.chunkstore;

/// How a disk is divided, fixed when its store is made.
///
/// @param extentBytes the unit of space given to a fragment: a multiple of 4 KiB, at least 16 KiB
/// @param extentsPerSegment extents in one segment file
/// @param extentsPerFragmentMax how long a fragment may grow
public record StoreGeometry(int extentBytes, int extentsPerSegment, int extentsPerFragmentMax) {
    /// 4 MiB extents (one thousand open fragments hold back 4 GiB), segments of 1 GiB, fragments of 64 MiB.
    public static final StoreGeometry DEFAULT = new StoreGeometry(4 << 20, 256, 16);

    private static final int EXTENT_BYTES_MIN = 4 * Layout.BLOCK_BYTES;
    private static final int EXTENT_BYTES_MAX = 64 << 20;
    private static final int EXTENTS_MAX = 4096;

    public StoreGeometry {
        boolean extentFits = extentBytes >= EXTENT_BYTES_MIN
                && extentBytes <= EXTENT_BYTES_MAX
                && extentBytes % Layout.BLOCK_BYTES == 0;
        if (!extentFits
                || extentsPerSegment < 1
                || extentsPerSegment > EXTENTS_MAX
                || extentsPerFragmentMax < 1
                || extentsPerFragmentMax > EXTENTS_MAX) {
            throw new IllegalArgumentException("extentBytes=" + extentBytes + " extentsPerSegment="
                    + extentsPerSegment + " extentsPerFragmentMax=" + extentsPerFragmentMax);
        }
    }

    long segmentBytes() {
        return Layout.BLOCK_BYTES + (long) extentBytes * extentsPerSegment;
    }

    /// Where an extent begins in its segment file.
    long extentPosition(int extent) {
        return Layout.BLOCK_BYTES + (long) extentBytes * (extent % extentsPerSegment);
    }

    int segmentNumber(int extent) {
        return extent / extentsPerSegment;
    }

    /// The largest payload that an empty extent has room for, beside extent header, batch header and footer.
    int payloadBytesMax() {
        return Math.min(StripHeader.PAYLOAD_BYTES_MAX, extentBytes - 3 * Layout.BLOCK_BYTES);
    }
}
