package io.holdfast.node.peerlink.wire;

/// The protocol's constants.
public final class Wire {
    /// The only version so far; a node speaks [#VERSION_MIN] to this one.
    public static final int VERSION = 1;

    public static final int VERSION_MIN = 1;

    /// Four commands of the largest size, or a list of all chunks of a small volume.
    public static final int PAYLOAD_BYTES_MAX = 4 * 1024 * 1024;

    /// Behind the length: version, type, reserved, correlation.
    static final int HEADER_BYTES = 12;

    static final int LENGTH_BYTES = 4;
    static final int MAGIC = 0x4846_504C;

    /// What a proposal takes in a frame besides its command.
    public static final int PROPOSAL_OVERHEAD_BYTES = 44;

    public static final int BATCH_COUNT_MAX = 1_024;

    private Wire() {}
}
