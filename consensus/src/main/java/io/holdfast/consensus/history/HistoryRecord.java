package io.holdfast.consensus.history;

import io.holdfast.consensus.CorruptLedgerException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// One kept entry: what it was, when, and what vouches for it.
///
///     offset  bytes  content (big endian)
///     0       1      version of this layout, 1
///     1       32     hash of the entry before
///     33      8      term
///     41      8      effective time, milliseconds since 1970 UTC
///     49      32     hash of this entry
///     81             the entry's bytes
///
/// The key is the entry's index, 8 bytes. The hash is SHA-256 over the hash before, the index, the term,
/// the effective time and the entry's bytes, in this order.
///
/// @param index the entry's index
/// @param previousHash the hash of the entry before, zeros for the first
/// @param term its term
/// @param timeMillis its effective time
/// @param hash its own hash
/// @param entry its bytes
@SuppressWarnings("ArrayRecordComponent") // Read once from the store and handed over.
public record HistoryRecord(
        long index, byte[] previousHash, long term, long timeMillis, byte[] hash, byte[] entry) {
    static final int HASH_BYTES = 32;
    static final int OVERHEAD_BYTES = 1 + HASH_BYTES + 8 + 8 + HASH_BYTES;
    private static final byte VERSION = 1;

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(OVERHEAD_BYTES + entry.length);
        out.put(VERSION).put(previousHash).putLong(term).putLong(timeMillis).put(hash).put(entry);
        return out.array();
    }

    static byte[] key(long index) {
        return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
    }

    static long indexOf(byte[] key) {
        if (key.length != Long.BYTES) {
            throw new CorruptLedgerException("a history key has 8 bytes: bytes=" + key.length);
        }
        return ByteBuffer.wrap(key).getLong();
    }

    static HistoryRecord decode(byte[] key, byte[] value) {
        long index = indexOf(key);
        if (value.length < OVERHEAD_BYTES || value[0] != VERSION) {
            throw new CorruptLedgerException("a history record has a known layout: index=" + index + " bytes="
                    + value.length + " version=" + (value.length == 0 ? -1 : value[0]));
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
        byte[] previousHash = new byte[HASH_BYTES];
        in.get(previousHash);
        long term = in.getLong();
        long timeMillis = in.getLong();
        byte[] hash = new byte[HASH_BYTES];
        in.get(hash);
        byte[] entry = Arrays.copyOfRange(value, OVERHEAD_BYTES, value.length);
        return new HistoryRecord(index, previousHash, term, timeMillis, hash, entry);
    }
}
