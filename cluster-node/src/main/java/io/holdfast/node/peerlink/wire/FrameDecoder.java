package io.holdfast.node.peerlink.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Cuts a stream of bytes into frames. Holds at most one unfinished frame, and never more memory
/// than twice the bytes that have come. Confined to its connection's event loop.
public final class FrameDecoder {
    private static final int CAPACITY_BYTES_MIN = 8 * 1024;
    private static final int FRAME_BYTES_MAX =
            Wire.LENGTH_BYTES + Wire.HEADER_BYTES + Wire.PAYLOAD_BYTES_MAX;

    private final Receiver receiver;
    private final PayloadReader payload = new PayloadReader();
    private byte[] held = new byte[CAPACITY_BYTES_MIN];
    private int start;
    private int end;

    /// Takes frames as they are complete.
    @FunctionalInterface
    public interface Receiver {
        /// Handles one frame; the payload is gone when it returns.
        void onFrame(int version, FrameType type, long correlation, PayloadReader payload);
    }

    public FrameDecoder(Receiver receiver) {
        this.receiver = receiver;
    }

    /// Takes the next bytes of the stream; throws [WireException] for ever once the stream is
    /// broken.
    public void feed(byte[] bytes) {
        makeRoom(bytes.length);
        System.arraycopy(bytes, 0, held, end, bytes.length);
        end += bytes.length;
        boolean delivered = true;
        while (delivered) {
            delivered = deliverOne();
        }
        if (start == end) {
            start = 0;
            end = 0;
            shrink();
        }
    }

    /// The bytes that this decoder keeps; for tests of its bound.
    int heldCapacityBytes() {
        return held.length;
    }

    private boolean deliverOne() {
        int available = end - start;
        if (available < Wire.LENGTH_BYTES) {
            return false;
        }
        ByteBuffer header = ByteBuffer.wrap(held, start, available);
        int length = header.getInt();
        if (length < Wire.HEADER_BYTES || length > Wire.HEADER_BYTES + Wire.PAYLOAD_BYTES_MAX) {
            throw new WireException("a frame's length: length=" + Integer.toUnsignedString(length));
        }
        if (available < Wire.LENGTH_BYTES + length) {
            return false;
        }
        int version = header.get() & 0xFF;
        FrameType type = FrameType.of(header.get() & 0xFF);
        int reserved = header.getShort();
        if (reserved != 0) {
            throw new WireException("reserved bits are zero: bits=" + reserved);
        }
        long correlation = header.getLong();
        int payloadBytes = length - Wire.HEADER_BYTES;
        int payloadStart = start + Wire.LENGTH_BYTES + Wire.HEADER_BYTES;
        start = payloadStart + payloadBytes;
        receiver.onFrame(
                version, type, correlation, payload.reset(held, payloadStart, payloadBytes));
        return true;
    }

    private void makeRoom(int count) {
        int kept = end - start;
        if (held.length - end >= count) {
            return;
        }
        byte[] target = held;
        if (kept + count > held.length) {
            target = new byte[Math.max(kept + count, Math.min(2 * held.length, FRAME_BYTES_MAX))];
        }
        System.arraycopy(held, start, target, 0, kept);
        held = target;
        start = 0;
        end = kept;
    }

    private void shrink() {
        if (held.length > 16 * CAPACITY_BYTES_MIN) {
            held = Arrays.copyOf(held, CAPACITY_BYTES_MIN);
        }
    }
}
