package io.holdfast.node.peerlink.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads one frame's payload and checks every length against what is there. Valid until the frame's
/// receiver returns; confined to it.
public final class PayloadReader {
    private ByteBuffer bytes;

    PayloadReader() {
        this.bytes = ByteBuffer.allocate(0);
    }

    PayloadReader reset(byte[] array, int offset, int length) {
        bytes = ByteBuffer.wrap(array, offset, length);
        return this;
    }

    public int remaining() {
        return bytes.remaining();
    }

    public int unsignedByte() {
        need(1);
        return bytes.get() & 0xFF;
    }

    public int unsignedShort() {
        need(Short.BYTES);
        return bytes.getShort() & 0xFFFF;
    }

    public int signedInt() {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    public long signedLong() {
        need(Long.BYTES);
        return bytes.getLong();
    }

    /// Bytes behind a length of four bytes.
    public byte[] block(int lengthMax) {
        int length = signedInt();
        if (length < 0 || length > lengthMax) {
            throw new WireException("a block's length: length=" + length + " max=" + lengthMax);
        }
        return take(length);
    }

    /// All that is left.
    public byte[] rest() {
        return take(bytes.remaining());
    }

    public String text8() {
        return text(unsignedByte());
    }

    public String text16() {
        return text(unsignedShort());
    }

    /// The payload must be read to its end.
    public void end() {
        if (bytes.hasRemaining()) {
            throw new WireException("bytes behind the payload: bytes=" + bytes.remaining());
        }
    }

    private String text(int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(take(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireException("text is not UTF-8: bytes=" + length);
        }
    }

    private byte[] take(int length) {
        need(length);
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private void need(int count) {
        if (bytes.remaining() < count) {
            throw new WireException(
                    "the payload is too short: needed=" + count + " left=" + bytes.remaining());
        }
    }
}
