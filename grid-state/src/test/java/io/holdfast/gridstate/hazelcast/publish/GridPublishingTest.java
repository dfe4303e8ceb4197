package io.holdfast.gridstate.hazelcast.publish;

import static io.holdfast.gridstate.testing.TestCatalogs.NOTES;
import static io.holdfast.gridstate.testing.TestCatalogs.THINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.consensus.LogIndex;
import io.holdfast.gridstate.hazelcast.entry.GridEntry;
import io.holdfast.gridstate.hazelcast.entry.GridKey;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import io.holdfast.gridstate.hazelcast.entry.GridValue;
import io.holdfast.gridstate.testing.Await;
import io.holdfast.gridstate.testing.TestGrid;
import io.holdfast.gridstate.testing.TestLedger;
import io.holdfast.gridstate.testing.TextCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class GridPublishingTest {
    private final TestGrid grid = TestGrid.ofThree();
    private final TestLedger ledger = grid.ledger();

    @AfterEach
    void close() {
        grid.close();
    }

    @Test
    void writesRemovalsAndRewritesArriveEverywhere() throws Exception {
        ledger.put(THINGS, "a", "one");
        ledger.put(THINGS, "b", "two");
        ledger.put(NOTES, "a", "a note");
        ledger.remove(THINGS, "a");
        ledger.put(THINGS, "b", "two again");
        ledger.put(THINGS, "c", "three");
        ledger.remove(THINGS, "c");
        ledger.put(THINGS, "c", "three again");
        grid.awaitSettled();

        AuditReport report = grid.audit();
        assertTrue(report.isClean(), report::toString);
        assertEquals(3, report.compared());
        GridMaps maps = grid.member(2).grid().maps();
        assertTrue(fetch(maps, "a").isRemoved());
        assertEquals(5, fetch(maps, "b").index());
        assertEquals(8, fetch(maps, "c").index());
    }

    @Test
    void whoPublishesSaysWhenAnEntryIsInTheGrid() throws Exception {
        for (int i = 0; i < 20; i++) {
            LogIndex index = ledger.put(THINGS, "k" + i, "v");
            assertTrue(grid.member(0).publisher().awaitPublished(index, 10_000));
            assertEquals(index.value(), fetch(grid.member(1).grid().maps(), "k" + i).index());
        }
        assertFalse(grid.member(1).publisher().awaitPublished(ledger.committed(), 1));
    }

    @Test
    void aLeaderChangeAmidPublishingLeavesNoHole() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 6; round++) {
            writeRandomly(random, 300);
            ledger.lead((ledger.leader() + 1) % 3);
            writeRandomly(random, 50);
        }
        grid.awaitSettled();
        AuditReport report = grid.audit();
        assertTrue(report.isClean(), report::toString);
        assertInstanceOf(
                PublisherState.Idle.class,
                grid.member((ledger.leader() + 1) % 3).status().publisher().state());
    }

    @Test
    void aMemberLostUnderWritesTakesNothingWithIt() throws Exception {
        Random random = new Random(11);
        for (int lost = 1; lost <= 2; lost++) {
            writeRandomly(random, 200);
            grid.close(lost);
            writeRandomly(random, 200);
            grid.open(lost);
        }
        Await.until("all are back", () -> grid.sees(3));
        grid.awaitSettled();
        AuditReport report = grid.audit();
        assertTrue(report.isClean(), report::toString);
    }

    @Test
    void partitionsOfWhichNoCopyIsLeftAreFilledAgain() throws Exception {
        writeRandomly(new Random(13), 500);
        // While Hazelcast has not spread the copies yet, the leader has one of each, and nothing is lost.
        for (int round = 0; round < 3 && grid.member(0).status().repair().partitionsLost() == 0; round++) {
            if (round > 0) {
                grid.open(1);
                grid.open(2);
                Await.until("all are back", () -> grid.sees(3));
            }
            grid.awaitSettled();
            long comparisons = grid.member(0).status().repair().comparisons();
            grid.loseTogether(1, 2);
            grid.member(0).repair().requestAll();
            Await.until("everything was compared", () ->
                    grid.member(0).status().repair().comparisons() > comparisons);
            grid.awaitSettled();
            AuditReport report = grid.audit();
            assertTrue(report.isClean(), report::toString);
        }
        boolean isAnyLost = grid.member(0).status().repair().partitionsLost() > 0;
        assumeTrue(isAnyLost, "Hazelcast saved a copy of every partition each time");
    }

    @Test
    void aGridThatBeganAnewIsFilledCompletely() throws Exception {
        writeRandomly(new Random(17), 500);
        grid.awaitSettled();
        grid.close(0);
        grid.close(1);
        grid.close(2);
        writeRandomly(new Random(19), 100);
        grid.openAll();
        grid.awaitSettled();
        AuditReport report = grid.audit();
        assertTrue(report.isClean(), report::toString);
        assertTrue(report.compared() > 0, report::toString);
        assertEquals(1, grid.member(0).status().publisher().refills());
    }

    @Test
    void theSmallerPartOfASplitPublishesNothingAndIsMadeGood() throws Exception {
        Random random = new Random(23);
        writeRandomly(random, 200);
        grid.awaitSettled();
        // The leader itself is cut off; the other two go on under a new one.
        grid.isolate(0);
        Await.until("it stands alone", () -> grid.member(0).grid().members().size() == 1);
        long publishedBefore = grid.member(0).status().publisher().published();
        ledger.lead(1);
        writeRandomly(random, 200);
        Await.until("the others publish on", () ->
                grid.member(1).status().publisher().position().index() >= ledger.committed().value());
        Await.until("what it serves is marked", () -> grid.member(0).reads().isStale());
        assertEquals(publishedBefore, grid.member(0).status().publisher().published());

        grid.heal();
        Await.until("the parts merge", () -> grid.sees(3));
        writeRandomly(random, 50);
        grid.awaitSettled();
        Await.until("it hears the leader again", () -> !grid.member(0).reads().isStale());
        AuditReport report = grid.audit();
        assertTrue(report.isClean(), report::toString);
        assertEquals(publishedBefore, grid.member(0).status().publisher().published());
    }

    @Test
    void theComparisonFindsWhatIsMissingStaleAndSurplus() throws Exception {
        for (int i = 0; i < 50; i++) {
            ledger.put(THINGS, "k" + i, "first");
        }
        grid.awaitSettled();
        // A peer that is behind has, to its own comparison, a grid that runs ahead: never a difference.
        ledger.cut(2);
        for (int i = 0; i < 50; i++) {
            ledger.put(THINGS, "k" + i, "second");
        }
        grid.awaitSettled();
        AuditReport seenFromBehind = grid.member(2).audit().compare(ledger.peer(2).store());
        assertTrue(seenFromBehind.isClean(), seenFromBehind::toString);

        plant("unknown", GridValue.live(0, THINGS.encode("ghost", 3, new TextCodec())));
        AuditReport report = grid.audit();
        assertEquals(1, report.surplus(), report::toString);
        assertEquals(0, report.missing(), report::toString);

        grid.member(0).repair().requestAll();
        Await.until("it is mended", () -> grid.member(0).status().repair().total().surplus() == 1);
        AuditReport afterwards = grid.audit();
        assertTrue(afterwards.isClean(), afterwards::toString);
    }

    private void plant(String key, GridValue value) throws InterruptedException {
        GridMaps maps = grid.member(0).grid().maps();
        GridKey gridKey = GridKey.of(key.getBytes(StandardCharsets.UTF_8));
        PartitionedSend.await(
                maps.applyNewer("things", maps.partitionOf(gridKey), List.of(new GridEntry(gridKey, value))));
    }

    private void writeRandomly(Random random, int count) {
        for (int i = 0; i < count; i++) {
            String key = "k" + random.nextInt(200);
            if (random.nextInt(4) == 0) {
                ledger.remove(THINGS, key);
            } else {
                ledger.put(THINGS, key, "v" + random.nextInt());
            }
        }
    }

    private static GridValue fetch(GridMaps maps, String key) throws InterruptedException {
        return PartitionedSend.await(maps.fetch("things", GridKey.of(key.getBytes(StandardCharsets.UTF_8))))
                .orElseThrow();
    }
}
