package io.holdfast.consensus.rocksdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.IncompatibleFormatException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.store.LedgerStore;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.testing.StateStoreContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksStateStoreTest extends StateStoreContract {
    private final RocksResources resources = new RocksResources();

    @TempDir
    Path directory;

    @Override
    protected LedgerStore open() throws IOException {
        return openAt("state");
    }

    @Override
    protected LedgerStore reopen(LedgerStore open) throws IOException {
        open.close();
        return openAt("state");
    }

    private RocksStateStore openAt(String name) throws IOException {
        return RocksStateStore.open(directory.resolve(name), List.of(ONE, TWO), resources);
    }

    @Test
    void checkpointsHoldOneEntryAndReplaceAStore() throws IOException {
        Path checkpoint = directory.resolve("checkpoint");
        try (RocksStateStore source = openAt("source");
                RocksStateStore target = openAt("target")) {
            put(source, 1, "a", "1");
            put(source, 2, "b", "2");
            assertEquals(at(2), source.checkpoint(checkpoint));
            put(source, 3, "c", "3");
            put(target, 9, "x", "9");
            target.replaceBy(checkpoint);
            assertEquals(at(2), target.applied());
            assertArrayEquals(bytes("2"), target.get(ONE, bytes("b")));
            assertEquals(null, target.get(ONE, bytes("c")));
            assertEquals(null, target.get(ONE, bytes("x")));
            put(target, 3, "d", "4");
        }
        try (RocksStateStore target = openAt("target")) {
            assertEquals(at(3), target.applied());
            assertArrayEquals(bytes("4"), target.get(ONE, bytes("d")));
            target.replaceBy(checkpoint);
            assertEquals(at(2), target.applied());
        }
    }

    @Test
    void readsInProgressSurviveAReplacement() throws IOException {
        Path checkpoint = directory.resolve("checkpoint");
        try (RocksStateStore store = openAt("source")) {
            put(store, 1, "a", "1");
            store.checkpoint(checkpoint);
            put(store, 2, "a", "2");
            store.readConsistently(view -> {
                assertArrayEquals(bytes("2"), view.get(ONE, bytes("a")));
                replace(store, checkpoint);
                assertArrayEquals(bytes("2"), view.get(ONE, bytes("a")));
                assertEquals(new LogIndex(2), view.appliedIndex());
                return 0;
            });
            assertArrayEquals(bytes("1"), store.get(ONE, bytes("a")));
        }
    }

    @Test
    void leftoversOfAReplacementAreRemoved() throws IOException {
        try (RocksStateStore store = openAt("source")) {
            put(store, 1, "a", "1");
        }
        Files.createDirectories(directory.resolve("source/incoming/part"));
        try (RocksStateStore store = openAt("source")) {
            assertEquals(at(1), store.applied());
            assertTrue(Files.notExists(directory.resolve("source/incoming")));
        }
    }

    @Test
    void opensForReadingWhatNobodyWrites() throws IOException {
        try (RocksStateStore store = openAt("source")) {
            put(store, 1, "a", "1");
        }
        try (RocksStateStore store = RocksStateStore.openReadOnly(directory.resolve("source"), resources)) {
            assertEquals(at(1), store.applied());
            assertArrayEquals(bytes("1"), store.get(ONE, bytes("a")));
        }
    }

    @Test
    void tellsOldNewAndCorruptFormatsApart() throws IOException {
        openAt("source").close();
        Path marker = directory.resolve("source/FORMAT");
        Files.write(marker, FormatMarker.encode(FormatMarker.VERSION + 1));
        assertThrows(IncompatibleFormatException.class, () -> openAt("source"));
        Files.write(marker, FormatMarker.encode(0));
        assertThrows(IncompatibleFormatException.class, () -> openAt("source"));
        byte[] damaged = FormatMarker.encode(FormatMarker.VERSION);
        damaged[11] ^= 1;
        Files.write(marker, damaged);
        assertThrows(CorruptLedgerException.class, () -> openAt("source"));
        Files.write(marker, new byte[3]);
        assertThrows(CorruptLedgerException.class, () -> openAt("source"));
        Files.write(marker, FormatMarker.encode(FormatMarker.VERSION));
        openAt("source").close();
    }

    @Test
    void namesTheDamagedDirectory() throws IOException {
        try (RocksStateStore store = openAt("source")) {
            put(store, 1, "a", "1");
        }
        Files.writeString(directory.resolve("source/1/CURRENT"), "MANIFEST-none\n");
        RuntimeException failure = assertThrows(RuntimeException.class, () -> openAt("source"));
        assertTrue(failure.getMessage().contains(directory.resolve("source/1").toString()));
    }

    @Test
    void refusesReadsOnceClosed() throws IOException {
        RocksStateStore store = openAt("source");
        store.close();
        assertThrows(UnavailableException.class, () -> store.get(ONE, bytes("a")));
    }

    @AfterEach
    void closeResources() {
        resources.close();
    }

    private static void replace(RocksStateStore store, Path checkpoint) {
        try {
            store.replaceBy(checkpoint);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void put(RocksStateStore store, long index, String key, String value) {
        LedgerTransaction transaction = store.begin();
        transaction.put(ONE, bytes(key), bytes(value));
        transaction.commit(at(index));
    }

    private static Position at(long index) {
        return new Position(new LogIndex(index), new Term(1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
