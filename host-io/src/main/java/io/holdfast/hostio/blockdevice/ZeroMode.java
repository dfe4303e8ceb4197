package io.holdfast.hostio.blockdevice;

/// Whether zeroing may free the space of the range.
public enum ZeroMode {
    /// The range may become a hole.
    MAY_FREE_SPACE,
    /// The range stays allocated, so that later writes to it do not run out of space (NBD: NO_HOLE).
    KEEP_ALLOCATED
}
