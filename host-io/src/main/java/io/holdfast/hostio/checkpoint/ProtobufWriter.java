package io.holdfast.hostio.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes one Protocol Buffers message, field by field. Confined to its caller.
final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// Negative numbers take ten bytes, as the format wants it for plain integers.
    ProtobufWriter number(int field, long value) {
        writeVarint((long) field << 3 | VARINT);
        writeVarint(value);
        return this;
    }

    ProtobufWriter flag(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    ProtobufWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufWriter message(int field, ProtobufWriter value) {
        return bytes(field, value.toBytes());
    }

    ProtobufWriter bytes(int field, byte[] value) {
        writeVarint((long) field << 3 | LENGTH_DELIMITED);
        writeVarint(value.length);
        out.writeBytes(value);
        return this;
    }

    /// A value whose width its wire type tells.
    ProtobufWriter fixed(int field, int wireType, byte[] value) {
        writeVarint((long) field << 3 | wireType);
        out.writeBytes(value);
        return this;
    }

    private void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
