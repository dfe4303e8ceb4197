package io.holdfast.consensus.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.store.LedgerKeyspaces;
import io.holdfast.consensus.store.LedgerStore;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every state store must do, the fake like the real one.
public abstract class StateStoreContract {
    protected static final Keyspace ONE = new Keyspace("one");
    protected static final Keyspace TWO = new Keyspace("two");
    private static final byte[] EMPTY = new byte[0];

    private LedgerStore store;

    /// Opens an empty store with the two keyspaces.
    protected abstract LedgerStore open() throws Exception;

    /// Closes the store and opens it again on what it had stored.
    protected abstract LedgerStore reopen(LedgerStore open) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void beginsBeforeTheFirstEntry() {
        assertEquals(Position.ZERO, store.applied());
        assertNull(store.get(ONE, bytes("a")));
        assertEquals(List.of(), scan(store, ONE, "", ""));
    }

    @Test
    void showsWritesOnlyOnceTheyAreCommitted() {
        LedgerTransaction transaction = store.begin();
        transaction.put(ONE, bytes("a"), bytes("1"));
        assertNull(store.get(ONE, bytes("a")));
        assertArrayEquals(bytes("1"), transaction.get(ONE, bytes("a")));
        transaction.commit(at(7, 2));
        assertArrayEquals(bytes("1"), store.get(ONE, bytes("a")));
        assertNull(store.get(TWO, bytes("a")));
        assertEquals(at(7, 2), store.applied());
    }

    @Test
    void forgetsWhatWasNotCommitted() {
        store.begin().put(ONE, bytes("a"), bytes("1"));
        store.begin().commit(at(1, 1));
        assertNull(store.get(ONE, bytes("a")));
    }

    @Test
    void keepsEverythingOverReopening() throws Exception {
        put("a", "1", 1);
        put("b", "2", 2);
        store = reopen(store);
        assertEquals(at(2, 1), store.applied());
        assertEquals(List.of("a=1", "b=2"), scan(store, ONE, "", ""));
    }

    @Test
    void refusesAnEntryThatIsNotAfterTheOneBefore() {
        put("a", "1", 5);
        LedgerTransaction transaction = store.begin();
        assertThrows(IllegalStateException.class, () -> transaction.commit(at(5, 1)));
    }

    @Test
    void refusesAnUnknownKeyspace() {
        Keyspace unknown = new Keyspace("unknown");
        assertThrows(IllegalArgumentException.class, () -> store.get(unknown, EMPTY));
        assertThrows(
                IllegalArgumentException.class, () -> store.begin().put(unknown, bytes("a"), bytes("1")));
    }

    @Test
    void keepsTheLedgersOwnKeyspaces() {
        LedgerTransaction transaction = store.begin();
        for (Keyspace keyspace : LedgerKeyspaces.ALL) {
            transaction.put(keyspace, bytes("own"), bytes("1"));
        }
        transaction.commit(at(1, 1));
        for (Keyspace keyspace : LedgerKeyspaces.ALL) {
            assertArrayEquals(bytes("1"), store.get(keyspace, bytes("own")));
        }
    }

    @Test
    void scansInUnsignedOrderWithinThePrefix() {
        LedgerTransaction transaction = store.begin();
        for (byte[] key : List.of(hex("00"), hex("01"), hex("01ff"), hex("7f"), hex("80"), hex("ffff"))) {
            transaction.put(ONE, key, EMPTY);
        }
        transaction.commit(at(1, 1));
        assertEquals(List.of("00", "01", "01ff", "7f", "80", "ffff"), keys(store, EMPTY, EMPTY));
        assertEquals(List.of("01", "01ff"), keys(store, hex("01"), EMPTY));
        assertEquals(List.of("01ff"), keys(store, hex("01"), hex("0100")));
        assertEquals(List.of("ffff"), keys(store, hex("ff"), hex("00")));
        assertEquals(List.of(), keys(store, hex("01"), hex("02")));
    }

    @Test
    void stopsAScanWhenTheVisitorSaysSo() {
        put("a", "1", 1);
        put("b", "2", 2);
        List<String> seen = new ArrayList<>();
        store.scan(ONE, EMPTY, EMPTY, (key, _) -> {
            seen.add(text(key));
            return false;
        });
        assertEquals(List.of("a"), seen);
    }

    @Test
    void scansATransactionWithItsOwnWrites() {
        put("b", "old", 1);
        put("c", "old", 2);
        put("d", "old", 3);
        LedgerTransaction transaction = store.begin();
        transaction.put(ONE, bytes("a"), bytes("new"));
        transaction.put(ONE, bytes("c"), bytes("new"));
        transaction.delete(ONE, bytes("d"));
        transaction.put(ONE, bytes("e"), bytes("new"));
        assertEquals(List.of("a=new", "b=old", "c=new", "e=new"), scan(transaction, ONE, "", ""));
        assertEquals(List.of("c=new", "e=new"), scan(transaction, ONE, "", "bb"));
    }

    @Test
    void letsAScanDeleteWhatItSees() {
        put("a", "1", 1);
        put("b", "2", 2);
        LedgerTransaction transaction = store.begin();
        transaction.put(ONE, bytes("c"), bytes("3"));
        transaction.scan(ONE, EMPTY, EMPTY, (key, _) -> {
            transaction.delete(ONE, key);
            return true;
        });
        transaction.commit(at(3, 1));
        assertEquals(List.of(), scan(store, ONE, "", ""));
    }

    @Test
    void givesCopiesThatBelongToTheCaller() {
        put("a", "1", 1);
        byte[] value = store.get(ONE, bytes("a"));
        Arrays.fill(value, (byte) 0);
        LedgerTransaction transaction = store.begin();
        transaction.put(ONE, bytes("b"), bytes("2"));
        byte[] own = transaction.get(ONE, bytes("b"));
        Arrays.fill(own, (byte) 0);
        transaction.commit(at(2, 1));
        assertEquals(List.of("a=1", "b=2"), scan(store, ONE, "", ""));
    }

    @Test
    void readsOneEntrysStateInAView() {
        put("a", "1", 1);
        StateStore.StateView[] kept = new StateStore.StateView[1];
        LogIndex seen = store.readConsistently(view -> {
            kept[0] = view;
            assertEquals(List.of("a=1"), scan(view, ONE, "", ""));
            return view.appliedIndex();
        });
        assertEquals(new LogIndex(1), seen);
        assertThrows(IllegalStateException.class, () -> kept[0].get(ONE, bytes("a")));
    }

    @Test
    void viewsNeverSeeHalfAnEntry() throws Exception {
        int entries = 300;
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= entries; i++) {
                LedgerTransaction transaction = store.begin();
                transaction.put(ONE, bytes("x"), bytes(Integer.toString(i)));
                transaction.put(TWO, bytes("y"), bytes(Integer.toString(i)));
                transaction.commit(at(i, 1));
            }
        });
        while (store.appliedIndex().value() < entries) {
            store.readConsistently(view -> {
                byte[] x = view.get(ONE, bytes("x"));
                byte[] y = view.get(TWO, bytes("y"));
                assertArrayEquals(x, y);
                String expected = x == null ? "0" : text(x);
                assertEquals(expected, Long.toString(view.appliedIndex().value()));
                return 0;
            });
        }
        writer.join();
    }

    @Test
    void agreesWithASortedMapOverRandomWrites() throws Exception {
        long seed = 20_260_101L;
        Random random = new Random(seed);
        TreeMap<String, String> model = new TreeMap<>();
        for (int entry = 1; entry <= 120; entry++) {
            LedgerTransaction transaction = store.begin();
            for (int i = 0; i < 12; i++) {
                String key = Integer.toString(random.nextInt(60), 3);
                if (random.nextInt(3) == 0) {
                    model.remove(key);
                    transaction.delete(ONE, bytes(key));
                } else {
                    String value = Integer.toString(random.nextInt());
                    model.put(key, value);
                    transaction.put(ONE, bytes(key), bytes(value));
                }
                String prefix = Integer.toString(random.nextInt(9), 3);
                String from = Integer.toString(random.nextInt(60), 3);
                List<String> expected = expected(model, prefix, from);
                assertEquals(expected, scan(transaction, ONE, prefix, from), () -> "seed=" + seed);
            }
            transaction.commit(at(entry, 1));
            if (entry % 40 == 0) {
                store = reopen(store);
            }
            assertEquals(expected(model, "", ""), scan(store, ONE, "", ""), () -> "seed=" + seed);
        }
    }

    private static List<String> expected(NavigableMap<String, String> model, String prefix, String from) {
        return model.tailMap(from, true).entrySet().stream()
                .filter(pair -> pair.getKey().startsWith(prefix))
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .toList();
    }

    private void put(String key, String value, long index) {
        LedgerTransaction transaction = store.begin();
        transaction.put(ONE, bytes(key), bytes(value));
        transaction.commit(at(index, 1));
    }

    private static List<String> scan(StateReader reader, Keyspace keyspace, String prefix, String from) {
        List<String> pairs = new ArrayList<>();
        reader.scan(keyspace, bytes(prefix), bytes(from), (key, value) -> {
            pairs.add(text(key) + "=" + text(value));
            return true;
        });
        return pairs;
    }

    private static List<String> keys(StateReader reader, byte[] prefix, byte[] from) {
        List<String> keys = new ArrayList<>();
        reader.scan(ONE, prefix, from, (key, _) -> {
            keys.add(HexFormat.of().formatHex(key));
            return true;
        });
        return keys;
    }

    private static Position at(long index, long term) {
        return new Position(new LogIndex(index), new Term(term));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
