package io.holdfast.gridstate.change;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.testing.InMemoryStateStore;
import io.holdfast.gridstate.GridCatalogs;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.setting.SettingCatalogs;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.RandomCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChangeFeedTest {
    private static final ChangeLog.Bounds FEW = new ChangeLog.Bounds(1_000, 1 << 20);

    private final InMemoryStateStore store = new InMemoryStateStore(ChangeLog.keyspaces());
    private final ChangeFeed feed = new ChangeFeed(store);

    @Test
    void changesComeInOrderOfEntriesAndCommands() {
        ChangeLog log = new ChangeLog(FEW);
        append(log, 1, List.of(List.of("a", "b"), List.of("c")));
        append(log, 2, List.of(List.of("d")));
        assertEquals(List.of("a", "b", "c", "d"), keys(read(ChangePosition.ZERO, 100)));
        ChangeBatch.Changes two = read(ChangePosition.ZERO, 2);
        assertEquals(List.of("a", "b"), keys(two));
        assertEquals(List.of("c", "d"), keys(read(two.next(), 100)));
        assertEquals(List.of("d"), keys(read(ChangePosition.endOf(1), 100)));
        ChangeBatch.Changes none = read(ChangePosition.endOf(2), 100);
        assertEquals(ChangePosition.endOf(2), none.next());
        assertTrue(none.changes().isEmpty());
    }

    @Test
    void theOldestGoBeyondTheBoundAndReadersAreTold() {
        ChangeLog log = new ChangeLog(FEW);
        for (int index = 1; index <= 3_000; index++) {
            append(log, index, List.of(List.of("k" + index)));
        }
        ChangeBatch.PositionTooOld tooOld = assertInstanceOf(
                ChangeBatch.PositionTooOld.class, feed.read(ChangePosition.endOf(5), 10));
        List<String> kept = keys(read(tooOld.oldest(), 10_000));
        assertTrue(kept.size() >= FEW.countMax() && kept.size() <= FEW.countMax() + 256, "" + kept.size());
        assertEquals("k3000", kept.getLast());
        assertEquals("k" + (tooOld.oldest().index() + 1), kept.getFirst());
    }

    @Test
    void bytesAreBoundedToo() {
        ChangeLog log = new ChangeLog(new ChangeLog.Bounds(1_000_000, 50_000));
        for (int index = 1; index <= 400; index++) {
            append(log, index, List.of(List.of("k".repeat(1_000) + index)));
        }
        long bytes = read(feed.droppedThrough(), 10_000).changes().stream()
                .mapToLong(change -> change.key().length)
                .sum();
        assertTrue(bytes > 20_000 && bytes <= 50_000, "" + bytes);
    }

    @Test
    void positionsAreWrittenAndRead() {
        ChangePosition position = new ChangePosition(17, 4_097);
        assertEquals(position, ChangePosition.parse(position.toString()));
        for (String text : List.of("", ".", "1", "-1.0", "1.-1", "1.x", "9".repeat(40) + ".0")) {
            assertThrows(IllegalArgumentException.class, () -> ChangePosition.parse(text));
        }
    }

    /// Whoever follows the changes ends up with what the catalogs hold.
    @Test
    void followingTheChangesRebuildsEveryCatalog() {
        long seed = 99;
        GridHarness grid = new GridHarness();
        RandomCommands commands = new RandomCommands(seed);
        Map<String, String> followed = new HashMap<>();
        ChangePosition position = ChangePosition.ZERO;
        for (int i = 0; i < 6_000; i++) {
            grid.elapse(2_000);
            grid.apply(commands.next());
            ChangeBatch.Changes batch = assertInstanceOf(
                    ChangeBatch.Changes.class, new ChangeFeed(grid.store()).read(position, 1_000));
            for (Change change : batch.changes()) {
                assertEquals(grid.index(), change.position().index());
                String key = change.catalog() + " " + HexFormat.of().formatHex(change.key());
                byte[] stored = change.stored();
                if (stored == null) {
                    followed.remove(key);
                } else {
                    followed.put(key, HexFormat.of().formatHex(stored));
                }
            }
            position = batch.next();
        }
        Map<String, String> held = new HashMap<>();
        GridCatalogs.ALL.forEach(catalog -> grid.store()
                .scan(catalog.keyspace(), new byte[0], new byte[0], (key, value) -> {
                    HexFormat hex = HexFormat.of();
                    held.put(catalog.name() + " " + hex.formatHex(key), hex.formatHex(value));
                    return true;
                }));
        assertTrue(held.size() > 50);
        assertEquals(held, followed, () -> "seed=" + seed);
    }

    @Test
    void aChangeHoldsTheStoredRecord() {
        GridHarness grid = new GridHarness();
        Octets value = Octets.copyOf(new byte[] {1, 2, 3});
        grid.accept(new SettingCommand.Put("a", value, ExpectedVersion.ANY));
        ChangeBatch.Changes batch = assertInstanceOf(
                ChangeBatch.Changes.class, new ChangeFeed(grid.store()).read(ChangePosition.ZERO, 10));
        Change change = batch.changes().getFirst();
        assertEquals("settings", change.catalog());
        byte[] stored = grid.store().get(SettingCatalogs.SETTINGS.keyspace(), change.key());
        assertArrayEquals(stored, change.stored());
    }

    private void append(ChangeLog log, long index, List<List<String>> commands) {
        LedgerTransaction transaction = store.begin();
        for (int ordinal = 0; ordinal < commands.size(); ordinal++) {
            List<ChangeLog.Draft> drafts = new ArrayList<>();
            for (String key : commands.get(ordinal)) {
                drafts.add(new ChangeLog.Draft("things", key.getBytes(UTF_8), null));
            }
            log.append(new CommandContext(new LogIndex(index), ordinal, 0), drafts, transaction);
        }
        transaction.commit(new Position(new LogIndex(index), new Term(1)));
    }

    private ChangeBatch.Changes read(ChangePosition after, int limit) {
        return assertInstanceOf(ChangeBatch.Changes.class, feed.read(after, limit));
    }

    private static List<String> keys(ChangeBatch.Changes batch) {
        return batch.changes().stream().map(change -> new String(change.key(), UTF_8)).toList();
    }
}
