package io.holdfast.node.peerlink.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes frames one behind the other into one growing array, so that many small frames leave in
/// one write. Confined to its connection's event loop; reused from write to write.
public final class FrameWriter {
    private static final int CAPACITY_BYTES_MIN = 4 * 1024;

    private ByteBuffer bytes = ByteBuffer.allocate(CAPACITY_BYTES_MIN);
    private int frameStart;

    /// Begins a frame; [#end()] completes it.
    public FrameWriter begin(FrameType type, long correlation) {
        frameStart = bytes.position();
        reserve(Wire.LENGTH_BYTES + Wire.HEADER_BYTES);
        bytes.putInt(0);
        bytes.put((byte) Wire.VERSION);
        bytes.put((byte) type.code());
        bytes.putShort((short) 0);
        bytes.putLong(correlation);
        return this;
    }

    public FrameWriter putByte(int value) {
        reserve(1);
        bytes.put((byte) value);
        return this;
    }

    public FrameWriter putShort(int value) {
        reserve(Short.BYTES);
        bytes.putShort((short) value);
        return this;
    }

    public FrameWriter putInt(int value) {
        reserve(Integer.BYTES);
        bytes.putInt(value);
        return this;
    }

    public FrameWriter putLong(long value) {
        reserve(Long.BYTES);
        bytes.putLong(value);
        return this;
    }

    /// Bytes behind a length of four bytes.
    public FrameWriter putBlock(byte[] block) {
        return putInt(block.length).putRest(block);
    }

    /// Bytes that reach to the frame's end.
    public FrameWriter putRest(byte[] rest) {
        reserve(rest.length);
        bytes.put(rest);
        return this;
    }

    public FrameWriter putText8(String text) {
        byte[] utf8 = truncated(text, 0xFF);
        return putByte(utf8.length).putRest(utf8);
    }

    public FrameWriter putText16(String text) {
        byte[] utf8 = truncated(text, 0xFFF);
        return putShort(utf8.length).putRest(utf8);
    }

    /// Where the next byte goes; for counts that are known only at a frame's end.
    public int position() {
        return bytes.position();
    }

    /// Writes over two bytes that were put before.
    public void overwriteShort(int position, int value) {
        bytes.putShort(position, (short) value);
    }

    /// Completes the frame begun last.
    public FrameWriter end() {
        int length = bytes.position() - frameStart - Wire.LENGTH_BYTES;
        if (length > Wire.HEADER_BYTES + Wire.PAYLOAD_BYTES_MAX) {
            bytes.position(frameStart);
            throw new WireException(
                    "a frame's payload is too long: bytes=" + (length - Wire.HEADER_BYTES));
        }
        bytes.putInt(frameStart, length);
        return this;
    }

    public boolean isEmpty() {
        return bytes.position() == 0;
    }

    /// The bytes of the frame begun last, so far.
    public int frameBytes() {
        return bytes.position() - frameStart;
    }

    /// Hands out all complete frames and begins anew.
    public byte[] take() {
        byte[] taken = Arrays.copyOf(bytes.array(), bytes.position());
        if (bytes.capacity() > 64 * CAPACITY_BYTES_MIN) {
            bytes = ByteBuffer.allocate(CAPACITY_BYTES_MIN);
        }
        bytes.clear();
        return taken;
    }

    private void reserve(int count) {
        if (bytes.remaining() < count) {
            int capacity = Math.max(2 * bytes.capacity(), bytes.position() + count);
            bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
        }
    }

    private static byte[] truncated(String text, int bytesMax) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= bytesMax) {
            return utf8;
        }
        // Ends before a character that would be cut in two.
        int end = bytesMax;
        while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(utf8, end);
    }
}
