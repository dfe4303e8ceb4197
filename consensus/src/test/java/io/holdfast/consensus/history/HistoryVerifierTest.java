package io.holdfast.consensus.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.store.LedgerKeyspaces;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.testing.InMemoryStateStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HistoryVerifierTest {
    private static final HistoryRetention ALL = new HistoryRetention(1_000_000, 1L << 40);

    private final InMemoryStateStore store = new InMemoryStateStore(List.of());

    @Test
    void findsAnEmptyHistoryIntact() {
        HistoryReport.Intact report = intact();
        assertEquals(0, report.verifiedCount());
        assertEquals(report.anchor(), report.head());
    }

    @Test
    void findsAnUntouchedHistoryIntact() {
        append(ALL, 1, 100);
        HistoryReport.Intact report = intact();
        assertEquals(100, report.verifiedCount());
        assertEquals(1, report.firstIndex());
        assertEquals(100, report.lastIndex());
        assertEquals("0".repeat(64), report.anchor());
    }

    @Test
    void goesOnOverARestart() {
        append(ALL, 1, 10);
        append(ALL, 20, 10);
        assertEquals(20, intact().verifiedCount());
    }

    @Test
    void findsEveryFlippedBit() {
        append(ALL, 1, 20);
        long seed = 20_260_103L;
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] key = HistoryRecord.key(1 + random.nextInt(20));
            byte[] original = store.get(LedgerKeyspaces.HISTORY, key);
            byte[] changed = original.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            write(key, changed);
            HistoryReport.Broken report = assertInstanceOf(
                    HistoryReport.Broken.class, HistoryVerifier.verify(store), "seed=" + seed);
            assertNotEquals(report.expected(), report.actual());
            assertTrue(report.index() <= HistoryRecord.indexOf(key) + 1, () -> "seed=" + seed);
            write(key, original);
        }
        intact();
    }

    @Test
    void namesTheFirstChangedEntry() {
        append(ALL, 1, 20);
        byte[] key = HistoryRecord.key(7);
        byte[] value = store.get(LedgerKeyspaces.HISTORY, key);
        value[value.length - 1] ^= 1;
        write(key, value);
        HistoryReport.Broken report = broken();
        assertEquals(7, report.index());
        assertEquals(6, report.verifiedCount());
    }

    @Test
    void findsAnEntryTakenOutOfTheMiddleOrTheEnds() {
        append(ALL, 1, 20);
        for (long index : new long[] {1, 9, 20}) {
            byte[] key = HistoryRecord.key(index);
            byte[] value = store.get(LedgerKeyspaces.HISTORY, key);
            remove(key);
            broken();
            write(key, value);
        }
        intact();
    }

    @Test
    void findsARewrittenEntryThatCarriesItsOwnRightHash() {
        append(ALL, 1, 20);
        byte[] key = HistoryRecord.key(7);
        HistoryRecord old = HistoryRecord.decode(key, store.get(LedgerKeyspaces.HISTORY, key));
        byte[] forged = bytes("forged");
        byte[] hash = new ChainHash().of(old.previousHash(), 7, old.term(), old.timeMillis(), forged);
        HistoryRecord rewritten =
                new HistoryRecord(7, old.previousHash(), old.term(), old.timeMillis(), hash, forged);
        write(key, rewritten.encode());
        assertEquals(8, broken().index());
    }

    @Test
    void keepsWithinItsRetentionAndStaysVerifiable() {
        append(new HistoryRetention(100, 1L << 40), 1, 2_000);
        HistoryReport.Intact byCount = intact();
        assertTrue(byCount.verifiedCount() >= 100 && byCount.verifiedCount() <= 400);
        assertEquals(2_000, byCount.lastIndex());
        assertNotEquals("0".repeat(64), byCount.anchor());
        append(new HistoryRetention(1_000_000, 200), 3_000, 500);
        HistoryReport.Intact byBytes = intact();
        assertTrue(byBytes.verifiedCount() < 50, () -> "kept=" + byBytes.verifiedCount());
        assertEquals(3_499, byBytes.lastIndex());
    }

    @Test
    void neverLetsTimeGoBack() {
        append(ALL, 1, 3);
        HistoryChain chain = HistoryChain.load(store, ALL);
        assertEquals(chain.timeMillis(), chain.effectiveMillis(0));
        assertEquals(1_000_000, chain.effectiveMillis(1_000_000));
    }

    private void append(HistoryRetention retention, long firstIndex, int count) {
        HistoryChain chain = HistoryChain.load(store, retention);
        for (long index = firstIndex; index < firstIndex + count; index++) {
            LedgerTransaction transaction = store.begin();
            Position position = new Position(new LogIndex(index), new Term(3));
            long timeMillis = chain.effectiveMillis(1_000 + index);
            chain.append(transaction, position, timeMillis, bytes("entry " + index));
            transaction.commit(position);
        }
    }

    private HistoryReport.Intact intact() {
        return assertInstanceOf(HistoryReport.Intact.class, HistoryVerifier.verify(store));
    }

    private HistoryReport.Broken broken() {
        return assertInstanceOf(HistoryReport.Broken.class, HistoryVerifier.verify(store));
    }

    private void write(byte[] key, byte[] value) {
        LedgerTransaction transaction = store.begin();
        transaction.put(LedgerKeyspaces.HISTORY, key, value);
        transaction.commit(after());
    }

    private void remove(byte[] key) {
        LedgerTransaction transaction = store.begin();
        transaction.delete(LedgerKeyspaces.HISTORY, key);
        transaction.commit(after());
    }

    private Position after() {
        return new Position(store.appliedIndex().next(), new Term(3));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
