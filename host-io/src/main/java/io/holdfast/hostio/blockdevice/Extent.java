package io.holdfast.hostio.blockdevice;

/// A part of a device with one kind of allocation.
public record Extent(long offset, long length, Kind kind) {
    public Extent {
        if (offset < 0 || length <= 0) {
            throw new IllegalArgumentException(
                    "an extent has bytes: offset=" + offset + " length=" + length);
        }
    }

    /// The offset of the first byte after it.
    public long end() {
        return offset + length;
    }

    /// What is known about the bytes.
    public enum Kind {
        /// Has space; the contents may be anything.
        DATA,
        /// Has space and reads as zeroes.
        ZERO,
        /// Has no space and reads as zeroes.
        HOLE
    }
}
