package io.holdfast.consensus.history;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.consensus.store.LedgerKeyspaces;
import io.holdfast.consensus.store.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The writing end of the history: appends each applied entry and drops the oldest. Confined to the apply
/// thread.
///
///     value of the key "history" in ledger-meta, offset, bytes, content (big endian)
///     0    1   version of this layout, 1
///     1    8   index of the newest entry, 0 without one
///     9    32  its hash
///     41   8   its effective time
///     49   8   index of the oldest kept entry
///     57   8   kept entries
///     65   8   their bytes
public final class HistoryChain {
    /// Dropping is done for many entries at once, because looking for the oldest costs a seek.
    private static final int DROP_BATCH_ENTRIES = 256;

    /// Bounds the writes that dropping adds to one entry after the retention was lowered.
    private static final int DROP_ENTRIES_MAX = 2 * DROP_BATCH_ENTRIES;

    static final byte[] META_KEY = "history".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int META_BYTES = 1 + 8 + HistoryRecord.HASH_BYTES + 4 * 8;

    private final HistoryRetention retention;
    private final ChainHash chainHash = new ChainHash();
    private Head head;

    private HistoryChain(HistoryRetention retention, Head head) {
        this.retention = retention;
        this.head = head;
    }

    /// Continues the history that the store holds.
    public static HistoryChain load(StateReader store, HistoryRetention retention) {
        return new HistoryChain(retention, loadHead(store));
    }

    /// The effective time of the newest entry, 0 without one.
    public long timeMillis() {
        return head.timeMillis;
    }

    /// What an entry stamped so would have as effective time: it never goes back.
    public long effectiveMillis(long stampedMillis) {
        return Math.max(head.timeMillis, stampedMillis);
    }

    /// Appends an entry at its effective time and drops what is beyond the retention.
    public void append(StateTransaction transaction, Position position, long timeMillis, byte[] entry) {
        long index = position.index().value();
        long term = position.term().value();
        byte[] hash = chainHash.of(head.hash, index, term, timeMillis, entry);
        HistoryRecord appended = new HistoryRecord(index, head.hash, term, timeMillis, hash, entry);
        transaction.put(LedgerKeyspaces.HISTORY, HistoryRecord.key(index), appended.encode());
        long oldest = head.count == 0 ? index : head.oldest;
        head = new Head(index, hash, timeMillis, oldest, head.count + 1, head.bytes + entry.length);
        if (head.count > retention.entriesMax() + DROP_BATCH_ENTRIES
                || head.bytes > retention.bytesMax() + retention.bytesMax() / 16) {
            dropOldest(transaction);
        }
        transaction.put(LedgerKeyspaces.META, META_KEY, head.encode());
    }

    private void dropOldest(StateTransaction transaction) {
        List<byte[]> dropped = new ArrayList<>();
        Excess excess = new Excess(head.count - retention.entriesMax(), head.bytes - retention.bytesMax());
        long[] oldest = {head.oldest};
        byte[] from = HistoryRecord.key(head.oldest);
        transaction.scan(LedgerKeyspaces.HISTORY, new byte[0], from, (key, value) -> {
            oldest[0] = HistoryRecord.indexOf(key);
            boolean drop = excess.remains() && oldest[0] < head.index && dropped.size() < DROP_ENTRIES_MAX;
            if (drop) {
                dropped.add(key);
                excess.shrink(value.length - HistoryRecord.OVERHEAD_BYTES);
            }
            return drop;
        });
        dropped.forEach(key -> transaction.delete(LedgerKeyspaces.HISTORY, key));
        long bytes = retention.bytesMax() + excess.bytes;
        head = new Head(
                head.index, head.hash, head.timeMillis, oldest[0], head.count - dropped.size(), bytes);
    }

    static Head loadHead(StateReader store) {
        byte[] value = store.get(LedgerKeyspaces.META, META_KEY);
        return value == null ? Head.EMPTY : Head.decode(value);
    }

    /// What goes beyond the retention. Confined to one call.
    private static final class Excess {
        private long entries;
        private long bytes;

        Excess(long entries, long bytes) {
            this.entries = entries;
            this.bytes = bytes;
        }

        boolean remains() {
            return entries > 0 || bytes > 0;
        }

        void shrink(long entryBytes) {
            entries--;
            bytes -= entryBytes;
        }
    }

    /// Where the chain ends and how much of it is kept.
    @SuppressWarnings("ArrayRecordComponent") // Never leaves the package.
    record Head(long index, byte[] hash, long timeMillis, long oldest, long count, long bytes) {
        static final Head EMPTY = new Head(0, new byte[HistoryRecord.HASH_BYTES], 0, 0, 0, 0);

        byte[] encode() {
            ByteBuffer out = ByteBuffer.allocate(META_BYTES);
            out.put(VERSION).putLong(index).put(hash).putLong(timeMillis);
            out.putLong(oldest).putLong(count).putLong(bytes);
            return out.array();
        }

        static Head decode(byte[] value) {
            if (value.length != META_BYTES || value[0] != VERSION) {
                throw new CorruptLedgerException(
                        "the history's head has a known layout: expected=" + META_BYTES + " bytes="
                                + value.length);
            }
            ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
            long index = in.getLong();
            byte[] hash = new byte[HistoryRecord.HASH_BYTES];
            in.get(hash);
            return new Head(index, hash, in.getLong(), in.getLong(), in.getLong(), in.getLong());
        }
    }
}
