package io.holdfast.node.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.ChunkSealing;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.TooFewHoldersException;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.testing.MemoryLedger;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LedgerChunkDirectoryTest {
    private static final long STREAM = 7;
    private static final ErasureProfile PROFILE = new ErasureProfile(2, 1);

    private final MemoryLedger ledger = new MemoryLedger(InstantSource.system(), 4);
    private final LedgerAccess access = ledger.access("node-1");
    private final LedgerChunkDirectory directory =
            new LedgerChunkDirectory(access, (count, _, avoid, taken) ->
            IntStream.rangeClosed(1, 4)
                    .filter(node -> !avoid.contains(new HolderId(node, 0)))
                    .mapToObj(node -> new FragmentPlace(node, 0))
                    .filter(place -> !taken.contains(place))
                    .limit(count)
                    .toList());

    LedgerChunkDirectoryTest() {
        access.submit(new ChunkCommand.CreateStream(
                new StreamId(STREAM), "volume/db", new Profile(2, 1, Profile.Spread.NODE)));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aChunkLivesItsWholeLife() {
        directory.fence(STREAM, 5);
        ChunkRecord first = directory.open(STREAM, 5, PROFILE, Set.of());
        ChunkRecord second = directory.open(STREAM, 5, PROFILE, Set.of(new HolderId(1, 0)));
        assertEquals(List.of(new HolderId(2, 0), new HolderId(3, 0), new HolderId(4, 0)), second.holders());
        assertEquals(List.of(0L, 1L), directory.chunks(STREAM).stream().map(ChunkRecord::number).toList());
        directory.seal(first.id(), 5, new ChunkSealing(9, 4_096, 4_096, 0b100));
        directory.seal(first.id(), 5, new ChunkSealing(9, 4_096, 4_096, 0b100));
        ChunkRecord sealed = directory.find(first.id()).orElseThrow();
        assertEquals(ChunkRecord.State.SEALED, sealed.state());
        assertTrue(sealed.isLost(2));
        HolderId spare = directory.spare(sealed, 2, Set.of()).orElseThrow();
        directory.replace(sealed, 2, spare);
        ChunkRecord repaired = directory.find(first.id()).orElseThrow();
        assertEquals(0, repaired.lostMask());
        assertEquals(spare, repaired.holders().get(2));
        directory.reportLost(first.id(), 0b1);
        assertTrue(directory.find(first.id()).orElseThrow().isLost(0));
        assertThrows(
                ChunkDirectoryException.class, () -> directory.release(first.id(), 5, Optional.empty()));
        directory.reportUseful(STREAM, 5, Map.of(first.id(), 0L));
        directory.release(first.id(), 5, Optional.empty());
        assertEquals(ChunkRecord.State.RELEASED, directory.find(first.id()).orElseThrow().state());
        directory.forget(first.id());
        directory.forget(first.id());
        assertTrue(directory.find(first.id()).isEmpty());
        assertEquals(List.of(second), directory.chunks(STREAM));
    }

    @Test
    void anOlderWriterIsShutOut() {
        directory.fence(STREAM, 5);
        ChunkRecord chunk = directory.open(STREAM, 5, PROFILE, Set.of());
        directory.fence(STREAM, 9);
        assertThrows(FencedException.class, () -> directory.fence(STREAM, 5));
        assertThrows(FencedException.class, () -> directory.open(STREAM, 5, PROFILE, Set.of()));
        assertThrows(
                FencedException.class,
                () -> directory.seal(chunk.id(), 5, new ChunkSealing(0, 0, 0, 0)));
    }

    @Test
    void tooFewHostsAreSaidWithTheirNumber() {
        TooFewHoldersException few = assertThrows(
                TooFewHoldersException.class,
                () -> directory.open(
                        STREAM, 5, PROFILE, Set.of(new HolderId(1, 0), new HolderId(2, 0))));
        assertEquals(2, few.available());
    }

    @Test
    void withoutAMajorityNothingIsDecided() {
        directory.fence(STREAM, 5);
        ledger.log().reachMajority(false);
        assertThrows(ChunkDirectoryException.class, () -> directory.find(new ChunkId(STREAM, 0)));
    }
}
