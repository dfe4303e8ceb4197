package io.holdfast.hostio.blockdevice;

/// When a change counts as done.
public enum Durability {
    /// Visible to every reader; durable after the next [BlockDevice#flush()].
    VISIBLE,
    /// Visible, and on stable storage (NBD: FUA).
    DURABLE
}
