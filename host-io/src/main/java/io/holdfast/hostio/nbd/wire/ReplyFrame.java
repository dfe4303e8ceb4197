package io.holdfast.hostio.nbd.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The encoders of replies (proto.md, "Simple reply message", "Structured reply chunk message").
///
/// ```
///  simple                                    structured chunk
///  0         4        8              16      0         4       6       8              16        20
///  +---------+--------+--------------+       +---------+-------+-------+--------------+---------+
///  | magic   | error  | cookie       |data.. | magic   | flags | type  | cookie       | length  |payload..
///  +---------+--------+--------------+       +---------+-------+-------+--------------+---------+
///
///  payloads   OFFSET_DATA   offset (8), bytes
///             OFFSET_HOLE   offset (8), length (4)
///             BLOCK_STATUS  context (4), then length (4) and state (4) of each extent
///             ERROR         error (4), length of message (2), message
/// ```
public final class ReplyFrame {
    /// The bytes of a simple reply before its data.
    public static final int SIMPLE_BYTES = 16;

    /// The bytes of a chunk before its payload.
    public static final int CHUNK_BYTES = 20;

    /// The bytes of a chunk of data before the data.
    public static final int DATA_BYTES = CHUNK_BYTES + 8;

    /// The bytes of a chunk that stands for a hole.
    public static final int HOLE_BYTES = CHUNK_BYTES + 12;

    /// The most bytes that an error takes, in either form.
    public static final int ERROR_BYTES_MAX = CHUNK_BYTES + 6 + 64;

    private ReplyFrame() {}

    /// A simple reply; `error` 0 is success, and of a read the data follow.
    public static void simple(ByteBuffer out, long cookie, int error) {
        out.putInt(NbdWire.SIMPLE_REPLY_MAGIC).putInt(error).putLong(cookie);
    }

    private static void chunk(ByteBuffer out, long cookie, int type, boolean done, int length) {
        out.putInt(NbdWire.STRUCTURED_REPLY_MAGIC)
                .putShort((short) (done ? NbdWire.REPLY_FLAG_DONE : 0))
                .putShort((short) type)
                .putLong(cookie)
                .putInt(length);
    }

    /// The final chunk that says that everything went well.
    public static void none(ByteBuffer out, long cookie) {
        chunk(out, cookie, NbdWire.REPLY_NONE, true, 0);
    }

    /// What stands before `length` bytes of data.
    public static void offsetData(ByteBuffer out, long cookie, boolean done, long offset, int length) {
        chunk(out, cookie, NbdWire.REPLY_OFFSET_DATA, done, Math.addExact(length, Long.BYTES));
        out.putLong(offset);
    }

    /// A chunk that stands for zeroes.
    public static void offsetHole(ByteBuffer out, long cookie, boolean done, long offset, int length) {
        chunk(out, cookie, NbdWire.REPLY_OFFSET_HOLE, done, Long.BYTES + Integer.BYTES);
        out.putLong(offset).putInt(length);
    }

    /// What stands before `extentCount` pairs of length and state.
    public static void blockStatus(ByteBuffer out, long cookie, int contextId, int extentCount) {
        int length = Integer.BYTES + extentCount * 2 * Integer.BYTES;
        chunk(out, cookie, NbdWire.REPLY_BLOCK_STATUS, true, length);
        out.putInt(contextId);
    }

    /// The final chunk that says what went wrong.
    public static void error(ByteBuffer out, long cookie, int error) {
        byte[] message = message(error).getBytes(StandardCharsets.US_ASCII);
        chunk(out, cookie, NbdWire.REPLY_ERROR, true, Integer.BYTES + Short.BYTES + message.length);
        out.putInt(error).putShort((short) message.length).put(message);
    }

    /// What a client may show to a person. Says nothing about this host.
    private static String message(int error) {
        return switch (error) {
            case NbdWire.EPERM -> "the export is read-only";
            case NbdWire.EIO -> "the bytes could not be read or stored";
            case NbdWire.EINVAL -> "the request is not valid for this export";
            case NbdWire.ENOSPC -> "no space left, or beyond the end";
            case NbdWire.EOVERFLOW -> "more bytes than one request may ask for";
            case NbdWire.ENOTSUP -> "not faster than writing zeroes";
            case NbdWire.ESHUTDOWN -> "the export is going away";
            default -> "failed";
        };
    }
}
