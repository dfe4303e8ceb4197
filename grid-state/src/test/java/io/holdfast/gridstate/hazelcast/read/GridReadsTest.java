package io.holdfast.gridstate.hazelcast.read;

import static io.holdfast.gridstate.testing.TestCatalogs.NOTES;
import static io.holdfast.gridstate.testing.TestCatalogs.THINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.LogIndex;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.hazelcast.entry.GridFilter;
import io.holdfast.gridstate.hazelcast.entry.GridKey;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import io.holdfast.gridstate.hazelcast.read.Consistency.Linearizable;
import io.holdfast.gridstate.hazelcast.read.Consistency.Local;
import io.holdfast.gridstate.hazelcast.read.Consistency.Session;
import io.holdfast.gridstate.testing.Await;
import io.holdfast.gridstate.testing.TestGrid;
import io.holdfast.gridstate.testing.TestLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class GridReadsTest {
    private static final long TIMEOUT_MILLIS = 5_000;
    private static final List<GridFilter> NO_FILTERS = List.of();

    private final TestGrid grid = TestGrid.ofThree();
    private final TestLedger ledger = grid.ledger();

    @BeforeAll
    void fill() {
        for (int i = 0; i < 100; i++) {
            ledger.put(THINGS, "k%03d".formatted(i), (i % 2 == 0 ? "even" : "odd ") + "x".repeat(i));
        }
        ledger.remove(THINGS, "k050");
        grid.awaitSettled();
        for (int i = 0; i < 3; i++) {
            GridReads reads = grid.member(i).reads();
            Await.until("a sign of the leader", () -> reads.published().index() >= 101 && !reads.isStale());
            GridMaps maps = grid.member(i).grid().maps();
            Await.until("partitions of its own", () -> IntStream.range(0, 50)
                    .mapToObj(key -> GridKey.of(THINGS.keyForm().encode("k%03d".formatted(key))))
                    .anyMatch(key -> maps.held(THINGS.name(), key) != null));
        }
    }

    @AfterAll
    void close() {
        grid.close();
    }

    @Test
    @Order(1)
    void aLocalReadIsAnsweredByAnyMember() throws Exception {
        for (int i = 0; i < 3; i++) {
            GridReads reads = grid.member(i).reads();
            for (int key = 0; key < 50; key++) {
                GridRead<Optional<Versioned<String, String>>> read =
                        reads.get(THINGS, "k%03d".formatted(key), new Local(), TIMEOUT_MILLIS);
                assertEquals(key + 1, read.value().orElseThrow().version());
                assertEquals(new LogIndex(101), read.asOf());
                assertFalse(read.isStale());
            }
            ReadStatus status = reads.status();
            assertTrue(status.held() > 0, status::toString);
            // The store stands in for partitions that are still on their way to a member that joined.
            assertEquals(50, status.held() + status.fetched() + status.stored(), status::toString);
        }
    }

    @Test
    @Order(2)
    void aMissIsConfirmedByTheStore() throws Exception {
        GridReads reads = grid.member(1).reads();
        long before = reads.status().stored();
        assertTrue(reads.get(THINGS, "k050", new Local(), TIMEOUT_MILLIS).value().isEmpty());
        assertTrue(reads.get(THINGS, "nothing", new Local(), TIMEOUT_MILLIS).value().isEmpty());
        assertEquals(before + 2, reads.status().stored());
    }

    @Test
    @Order(3)
    void queriesUseAttributesAndPages() throws Exception {
        List<GridFilter> even = List.of(
                new GridFilter.Equal("initial", "e"),
                new GridFilter.AtLeast("length", 24),
                new GridFilter.AtMost("length", 63),
                new GridFilter.Equal("shouting", false));
        Session session = new Session(new LogIndex(101));
        for (Consistency consistency : List.of(new Local(), session, new Linearizable())) {
            List<String> keys = new ArrayList<>();
            Optional<String> cursor = Optional.empty();
            do {
                Page.Request page = new Page.Request("", cursor, 7);
                GridQuery<String, String> query = new GridQuery<>(THINGS, even, page);
                Page<String, String> answer =
                        grid.member(2).reads().query(query, consistency, TIMEOUT_MILLIS).value();
                answer.entries().forEach(entry -> keys.add(entry.key()));
                cursor = answer.next();
            } while (cursor.isPresent());
            // "even" and 20 to 59 times x; 50 was removed.
            List<String> expected = new ArrayList<>();
            for (int i = 20; i <= 58; i += 2) {
                if (i != 50) {
                    expected.add("k%03d".formatted(i));
                }
            }
            assertEquals(expected, keys, consistency::toString);
        }
    }

    @Test
    @Order(4)
    void aPrefixNarrowsAQuery() throws Exception {
        GridQuery<String, String> query =
                new GridQuery<>(THINGS, NO_FILTERS, Page.Request.first(100).withPrefix("k05"));
        Page<String, String> page = grid.member(0).reads().query(query, new Local(), TIMEOUT_MILLIS).value();
        assertEquals(9, page.entries().size());
        assertTrue(page.next().isEmpty());
    }

    @Test
    @Order(5)
    void aQueryByWhatTheCatalogDoesNotHaveIsRefused() {
        Page.Request page = Page.Request.first(10);
        List<GridFilter> unknown = List.of(new GridFilter.Equal("colour", "red"));
        List<GridFilter> ofAnotherKind = List.of(new GridFilter.Equal("length", "long"));
        assertThrows(IllegalArgumentException.class, () -> new GridQuery<>(THINGS, unknown, page));
        assertThrows(IllegalArgumentException.class, () -> new GridQuery<>(THINGS, ofAnotherKind, page));
    }

    @Test
    @Order(6)
    void aSessionReadsItsOwnWrite() throws Exception {
        for (int i = 0; i < 20; i++) {
            LogIndex index = ledger.put(NOTES, "mine", "text " + i);
            GridRead<Optional<Versioned<String, String>>> read =
                    grid.member(i % 3).reads().get(NOTES, "mine", new Session(index), TIMEOUT_MILLIS);
            assertEquals("text " + i, read.value().orElseThrow().value());
        }
    }

    @Test
    @Order(7)
    void anotherMemberIsAskedOnlyIfThisNodesStoreIsBehind() throws Exception {
        GridReads reads = grid.member(2).reads();
        long fetchedBefore = reads.status().fetched();
        readAll(reads);
        assertEquals(fetchedBefore, reads.status().fetched());
        ledger.cut(2);
        LogIndex ahead = ledger.put(NOTES, "ahead", "of the third");
        Await.until("it hears of what it has not applied", () -> reads.published().index() >= ahead.value());
        readAll(reads);
        assertTrue(reads.status().fetched() > fetchedBefore, reads.status()::toString);
        GridRead<Optional<Versioned<String, String>>> read =
                reads.get(NOTES, "ahead", new Local(), TIMEOUT_MILLIS);
        assertEquals("of the third", read.value().orElseThrow().value());
        ledger.heal();
        grid.awaitSettled();
    }

    private static void readAll(GridReads reads) throws InterruptedException {
        for (int key = 0; key < 50; key++) {
            assertEquals(key + 1, reads.get(THINGS, "k%03d".formatted(key), new Local(), TIMEOUT_MILLIS)
                    .value().orElseThrow().version());
        }
    }

    @Test
    @Order(8)
    void aMinorityMarksLocalReadsAndRefusesTheOthers() throws Exception {
        grid.isolate(2);
        LogIndex later = ledger.put(NOTES, "later", "unseen");
        GridReads reads = grid.member(2).reads();
        Await.until("it hears nothing", reads::isStale);
        for (int key = 0; key < 50; key++) {
            GridRead<Optional<Versioned<String, String>>> read =
                    reads.get(THINGS, "k%03d".formatted(key), new Local(), TIMEOUT_MILLIS);
            assertEquals(key + 1, read.value().orElseThrow().version());
            assertTrue(read.isStale());
        }
        GridQuery<String, String> all = GridQuery.all(THINGS, Page.Request.first(1_000));
        GridRead<Page<String, String>> page = reads.query(all, new Local(), TIMEOUT_MILLIS);
        assertEquals(99, page.value().entries().size());
        assertTrue(page.isStale());
        assertThrows(
                GridUnavailableException.class,
                () -> reads.get(NOTES, "later", new Linearizable(), TIMEOUT_MILLIS));
        assertThrows(
                GridUnavailableException.class, () -> reads.get(NOTES, "later", new Session(later), 100));
    }
}
