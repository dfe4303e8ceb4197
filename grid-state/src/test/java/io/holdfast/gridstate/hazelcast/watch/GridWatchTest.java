package io.holdfast.gridstate.hazelcast.watch;

import static io.holdfast.gridstate.testing.TestCatalogs.NOTES;
import static io.holdfast.gridstate.testing.TestCatalogs.THINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.LogIndex;
import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangeLog;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.testing.Await;
import io.holdfast.gridstate.testing.TestCatalogs;
import io.holdfast.gridstate.testing.TestLedger;
import io.holdfast.gridstate.testing.TextCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GridWatchTest {
    private static final int KEPT = 1_000;

    private final TestLedger ledger = new TestLedger(
            1, TestCatalogs.ALL, new TextCodec(), new ChangeLog.Bounds(KEPT, 64L << 20));
    private final GridWatches watches = new GridWatches(ledger.peer(0), System::nanoTime);

    GridWatchTest() {
        ledger.peer(0).onApplied(watches::onApplied);
    }

    @Test
    void everyChangeIsToldOnceAndInOrderAcrossResumptions() throws Exception {
        int count = 600;
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < count; i++) {
                ledger.put(THINGS, "k" + i, "v");
            }
        });
        Random random = new Random(5);
        List<Long> seen = new ArrayList<>();
        ChangePosition position = ChangePosition.ZERO;
        while (seen.size() < count) {
            try (GridWatch watch = watches.open(position, Set.of())) {
                int events = 1 + random.nextInt(5);
                for (int i = 0; i < events && seen.size() < count; i++) {
                    if (watch.next(1_000) instanceof WatchEvent.Changed changed) {
                        changed.changes().forEach(change -> seen.add(change.position().index()));
                        assertEquals(changed.position(), watch.position());
                    }
                }
                position = watch.position();
            }
        }
        writer.join();
        List<Long> expected = new ArrayList<>();
        for (long i = 1; i <= count; i++) {
            expected.add(i);
        }
        assertEquals(expected, seen);
        assertEquals(0, watches.openCount());
    }

    @Test
    void aWaitingWatchIsWokenByAChange() throws Exception {
        try (GridWatch watch = watches.open(ChangePosition.ZERO, Set.of("notes"))) {
            CompletableFuture<WatchEvent> event = CompletableFuture.supplyAsync(() -> next(watch, 20_000));
            ledger.put(THINGS, "of no interest", "x");
            LogIndex index = ledger.put(NOTES, "n", "x");
            WatchEvent.Changed changed = assertInstanceOf(WatchEvent.Changed.class, event.join());
            Change change = changed.changes().getFirst();
            assertEquals(index.value(), change.position().index());
            assertEquals("notes", change.catalog());
        }
    }

    @Test
    void aHeartbeatCarriesAPositionPastWhatWasOfNoInterest() throws Exception {
        ledger.put(THINGS, "k", "v");
        try (GridWatch watch = watches.open(ChangePosition.ZERO, Set.of("notes"))) {
            // On a busy host a beat may come before all of the entry was looked at.
            Await.until("a beat carries the end of the entry", () -> {
                WatchEvent.Heartbeat beat = assertInstanceOf(WatchEvent.Heartbeat.class, next(watch, 10));
                return beat.position().equals(ChangePosition.endOf(1));
            });
        }
        try (GridWatch watch = watches.open(ChangePosition.endOf(1), Set.of())) {
            assertInstanceOf(WatchEvent.Heartbeat.class, watch.next(10));
        }
    }

    @Test
    void aWatcherThatIsTooSlowIsToldToReadAnew() throws Exception {
        try (GridWatch watch = watches.open(ChangePosition.ZERO, Set.of())) {
            ledger.put(THINGS, "k", "v");
            assertInstanceOf(WatchEvent.Changed.class, watch.next(10));
            for (int i = 0; i < 3 * KEPT; i++) {
                ledger.put(THINGS, "k", "v" + i);
            }
            WatchEvent.Resume resume = assertInstanceOf(WatchEvent.Resume.class, watch.next(10));
            assertTrue(resume.oldest().index() > 1, resume::toString);
            try (GridWatch again = watches.open(resume.oldest(), Set.of())) {
                assertInstanceOf(WatchEvent.Changed.class, again.next(10));
            }
        }
    }

    @Test
    void anEventIsBoundedHoweverMuchHappened() throws Exception {
        for (int i = 0; i < 900; i++) {
            ledger.put(THINGS, "k" + i, "v");
        }
        try (GridWatch watch = watches.open(ChangePosition.ZERO, Set.of())) {
            WatchEvent.Changed changed = assertInstanceOf(WatchEvent.Changed.class, watch.next(10));
            assertEquals(GridWatch.EVENT_CHANGES_MAX, changed.changes().size());
        }
    }

    @Test
    void tooManyWatchesAreRefused() {
        List<GridWatch> open = new ArrayList<>();
        for (int i = 0; i < GridWatches.WATCHES_MAX; i++) {
            open.add(watches.open(ChangePosition.ZERO, Set.of()));
        }
        assertThrows(GridUnavailableException.class, () -> watches.open(ChangePosition.ZERO, Set.of()));
        open.forEach(GridWatch::close);
        open.forEach(GridWatch::close);
        assertEquals(0, watches.openCount());
    }

    @Test
    void closingLetsWaitingWatchesReturn() {
        GridWatch watch = watches.open(ChangePosition.ZERO, Set.of());
        CompletableFuture<WatchEvent> event = CompletableFuture.supplyAsync(() -> next(watch, 60_000));
        watches.close();
        Await.until("it returns", event::isDone);
        assertInstanceOf(WatchEvent.Heartbeat.class, event.join());
    }

    private static WatchEvent next(GridWatch watch, long heartbeatMillis) {
        try {
            return watch.next(heartbeatMillis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
