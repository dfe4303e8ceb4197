package io.holdfast.consensus.history;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.store.LedgerKeyspaces;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Checks a kept history against its hashes, from the oldest kept entry to the head. Confined to one thread.
///
/// The walk vouches for everything after the anchor, the hash that the oldest kept entry names as its
/// predecessor's: compare it with an anchor noted earlier, or with another peer's. A history that was
/// rewritten as a whole, hashes included, is consistent in itself and shows only by that comparison.
public final class HistoryVerifier {
    private static final byte[] FROM_START = new byte[0];

    private final ChainHash chainHash = new ChainHash();
    private byte @Nullable [] anchor;
    private byte[] previousHash = new byte[HistoryRecord.HASH_BYTES];
    private long firstIndex;
    private long lastIndex;
    private long lastTimeMillis;
    private long count;
    private @Nullable Mismatch mismatch;

    private HistoryVerifier() {}

    /// Verifies the history in a store that nobody writes meanwhile, or a consistent view of it.
    public static HistoryReport verify(StateStore store) {
        return store.readConsistently(view -> {
            HistoryVerifier verifier = new HistoryVerifier();
            view.scan(LedgerKeyspaces.HISTORY, FROM_START, FROM_START, verifier::visit);
            verifier.compareHead(view);
            return verifier.report();
        });
    }

    private boolean visit(byte[] key, byte[] value) {
        HistoryRecord found;
        try {
            found = HistoryRecord.decode(key, value);
        } catch (CorruptLedgerException e) {
            mismatch = new Mismatch(lastIndex + 1, "a readable record", String.valueOf(e.getMessage()));
            return false;
        }
        if (anchor == null) {
            anchor = found.previousHash();
            previousHash = found.previousHash();
            firstIndex = found.index();
        }
        mismatch = check(found);
        if (mismatch == null) {
            previousHash = found.hash();
            lastIndex = found.index();
            lastTimeMillis = found.timeMillis();
            count++;
        }
        return mismatch == null;
    }

    private @Nullable Mismatch check(HistoryRecord found) {
        long index = found.index();
        if (!Arrays.equals(previousHash, found.previousHash())) {
            String actual = "previous " + hex(found.previousHash());
            return new Mismatch(index, "previous " + hex(previousHash), actual);
        }
        byte[] expected = chainHash.of(
                found.previousHash(), index, found.term(), found.timeMillis(), found.entry());
        if (!Arrays.equals(expected, found.hash())) {
            return new Mismatch(index, hex(expected), hex(found.hash()));
        }
        if (found.timeMillis() < lastTimeMillis) {
            return new Mismatch(index, "time >= " + lastTimeMillis, "time " + found.timeMillis());
        }
        return null;
    }

    /// The chain must end where the store says, or its end was cut off.
    private void compareHead(StateStore.StateView view) {
        if (mismatch != null) {
            return;
        }
        HistoryChain.Head head = HistoryChain.loadHead(view);
        if (head.index() != lastIndex || !Arrays.equals(head.hash(), previousHash)) {
            mismatch = new Mismatch(
                    lastIndex,
                    "head " + head.index() + " " + hex(head.hash()),
                    "head " + lastIndex + " " + hex(previousHash));
        } else if (head.count() != count || (count > 0 && head.oldest() != firstIndex)) {
            mismatch = new Mismatch(
                    firstIndex,
                    head.count() + " entries from " + head.oldest(),
                    count + " entries from " + firstIndex);
        }
    }

    private HistoryReport report() {
        String anchorText = anchor == null ? hex(previousHash) : hex(anchor);
        if (mismatch == null) {
            return new HistoryReport.Intact(count, firstIndex, lastIndex, anchorText, hex(previousHash));
        }
        return new HistoryReport.Broken(
                count, mismatch.index, mismatch.expected, mismatch.actual, anchorText);
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /// The first place where the history is not what it should be.
    private record Mismatch(long index, String expected, String actual) {}
}
