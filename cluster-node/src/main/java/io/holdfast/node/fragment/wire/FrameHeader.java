package io.holdfast.node.fragment.wire;

import java.nio.ByteBuffer;

/// What stands before a frame's payload.
///
/// @param payloadBytes 0 to [#PAYLOAD_BYTES_MAX]
/// @param kind what the frame is
/// @param disk the holder's disk, in requests
/// @param correlation ties an answer to its request
public record FrameHeader(int payloadBytes, FrameKind kind, int disk, long correlation) {
    public static final int BYTES = 16;

    /// A read of the largest size with a header for each of its ranges, or as many strips of one fragment.
    public static final int PAYLOAD_BYTES_MAX = (4 << 20) + (128 << 10);

    private static final int LENGTH_BYTES = 4;

    public FrameHeader {
        if (payloadBytes < 0 || payloadBytes > PAYLOAD_BYTES_MAX) {
            throw new FragmentWireException("a frame's payload: bytes=" + payloadBytes);
        }
    }

    public void write(ByteBuffer target) {
        target.putInt(payloadBytes + BYTES - LENGTH_BYTES)
                .put(kind.code())
                .put((byte) 0)
                .putShort((short) disk)
                .putLong(correlation);
    }

    /// Reads a header; there must be [#BYTES] bytes.
    public static FrameHeader read(ByteBuffer source) {
        int length = source.getInt();
        FrameKind kind = FrameKind.of(source.get());
        if (source.get() != 0) {
            throw new FragmentWireException("reserved bits are zero");
        }
        int disk = Short.toUnsignedInt(source.getShort());
        return new FrameHeader(length - (BYTES - LENGTH_BYTES), kind, disk, source.getLong());
    }
}
