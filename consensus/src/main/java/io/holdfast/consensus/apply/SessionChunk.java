package io.holdfast.consensus.apply;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.SessionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What one entry added to one session, as stored: one write per session and entry, however many commands
/// of the session the entry holds.
///
///     key: session (16 bytes), index of the entry (8)
///     value, offset, bytes, content (big endian)
///     0    1   version of this layout, 1
///     1    8   acknowledged
///     9    8   effective time of the entry
///     17   4   position of the session's last command in the entry
///     21   4   number of results
///     25       per result: sequence (8), ordinal (4), length (4), reply
///
/// @param session the session
/// @param index the entry
/// @param acknowledged the session's acknowledged sequence after the entry
/// @param timeMillis the entry's effective time
/// @param lastOrdinal orders sessions touched by the same entry
/// @param results what the entry's commands of the session were answered
record SessionChunk(
        SessionId session,
        long index,
        long acknowledged,
        long timeMillis,
        int lastOrdinal,
        List<Result> results) {
    private static final byte VERSION = 1;
    private static final int KEY_BYTES = 16 + 8;
    private static final int HEADER_BYTES = 1 + 8 + 8 + 4 + 4;
    private static final int RESULT_OVERHEAD_BYTES = 8 + 4 + 4;

    /// One answered command.
    @SuppressWarnings("ArrayRecordComponent") // Never leaves the package.
    record Result(long sequence, int ordinal, byte[] reply) {}

    static byte[] key(SessionId session, long index) {
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(session.high())
                .putLong(session.low())
                .putLong(index)
                .array();
    }

    byte[] encode() {
        int size = HEADER_BYTES;
        for (Result result : results) {
            size += RESULT_OVERHEAD_BYTES + result.reply.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).putLong(acknowledged).putLong(timeMillis).putInt(lastOrdinal);
        out.putInt(results.size());
        for (Result result : results) {
            out.putLong(result.sequence).putInt(result.ordinal);
            out.putInt(result.reply.length).put(result.reply);
        }
        return out.array();
    }

    static SessionChunk decode(byte[] key, byte[] value) {
        require(key.length == KEY_BYTES && value.length >= HEADER_BYTES && value[0] == VERSION, key, value);
        ByteBuffer keyIn = ByteBuffer.wrap(key);
        SessionId session = new SessionId(keyIn.getLong(), keyIn.getLong());
        ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
        long acknowledged = in.getLong();
        long timeMillis = in.getLong();
        int lastOrdinal = in.getInt();
        int count = in.getInt();
        require(count >= 0 && count <= in.remaining() / RESULT_OVERHEAD_BYTES, key, value);
        List<Result> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            require(in.remaining() >= RESULT_OVERHEAD_BYTES, key, value);
            long sequence = in.getLong();
            int ordinal = in.getInt();
            int length = in.getInt();
            require(length >= 0 && length <= in.remaining(), key, value);
            byte[] reply = new byte[length];
            in.get(reply);
            results.add(new Result(sequence, ordinal, reply));
        }
        require(!in.hasRemaining(), key, value);
        return new SessionChunk(session, keyIn.getLong(), acknowledged, timeMillis, lastOrdinal, results);
    }

    private static void require(boolean holds, byte[] key, byte[] value) {
        if (!holds) {
            throw new CorruptLedgerException(
                    "a stored session has a known layout: keyBytes=" + key.length + " valueBytes="
                            + value.length);
        }
    }
}
