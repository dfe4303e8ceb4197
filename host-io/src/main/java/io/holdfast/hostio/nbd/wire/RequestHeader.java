package io.holdfast.hostio.nbd.wire;

import java.nio.ByteBuffer;

/// The header of one request (proto.md, "Request message"), decoded in place so that no request costs an
/// object. Confined to the thread that reads the connection.
///
/// ```
///  0         4       6       8                 16                24        28
///  +---------+-------+-------+-----------------+-----------------+---------+
///  | magic   | flags | type  | cookie          | offset          | length  |
///  +---------+-------+-------+-----------------+-----------------+---------+
///  0x25609513                 echoed in replies unsigned           unsigned   then, of a write, the bytes
/// ```
public final class RequestHeader {
    /// The length of every request header.
    public static final int BYTES = 28;

    private int flags;
    private int type;
    private long cookie;
    private long offset;
    private long length;

    /// Takes the next [#BYTES] of the buffer. False if the magic is wrong, after which the connection cannot
    /// be understood any more.
    public boolean decode(ByteBuffer in) {
        int at = in.position();
        in.position(at + BYTES);
        flags = Short.toUnsignedInt(in.getShort(at + 4));
        type = Short.toUnsignedInt(in.getShort(at + 6));
        cookie = in.getLong(at + 8);
        offset = in.getLong(at + 16);
        length = Integer.toUnsignedLong(in.getInt(at + 24));
        return in.getInt(at) == NbdWire.REQUEST_MAGIC;
    }

    public int flags() {
        return flags;
    }

    public boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    public int type() {
        return type;
    }

    public long cookie() {
        return cookie;
    }

    /// As sent: unsigned, so a negative number is beyond every device.
    public long offset() {
        return offset;
    }

    /// 0 to 2^32 - 1.
    public long length() {
        return length;
    }

    /// How many bytes of payload follow the header.
    public long payloadBytes() {
        return type == NbdWire.CMD_WRITE ? length : 0;
    }

    @Override
    public String toString() {
        return "type=" + type + " flags=" + flags + " offset=" + Long.toUnsignedString(offset) + " length="
                + length;
    }
}
