package io.holdfast.gridstate.chunkmap;

import static io.holdfast.gridstate.chunkmap.ChunkCatalogs.CHUNKS;
import static io.holdfast.gridstate.chunkmap.ChunkCatalogs.STREAMS;
import static io.holdfast.gridstate.testing.Samples.PROFILE;
import static io.holdfast.gridstate.testing.Samples.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChunkRulesTest {
    private static final FencingToken OLD = new FencingToken(4);
    private static final FencingToken NOW = new FencingToken(5);
    private static final FencingToken NEW = new FencingToken(6);

    private final GridHarness grid = new GridHarness();

    @BeforeEach
    void createStream() {
        grid.accept(new ChunkCommand.CreateStream(STREAM, "volume/db", PROFILE));
        grid.accept(new ChunkCommand.FenceStream(STREAM, NOW));
    }

    @Test
    void aStreamHasAnIdAndANameOfItsOwn() {
        assertEquals(
                RefusalCode.EXISTS, grid.refuse(new ChunkCommand.CreateStream(STREAM, "other", PROFILE)));
        assertEquals(
                RefusalCode.EXISTS,
                grid.refuse(new ChunkCommand.CreateStream(new StreamId(9), "volume/db", PROFILE)));
        assertEquals(Optional.of(STREAM), ChunkIndexes.streamNamed(grid.store(), "volume/db"));
    }

    @Test
    void anOlderTokenIsRefusedEverywhere() {
        open(1);
        assertEquals(RefusalCode.FENCED, grid.refuse(new ChunkCommand.FenceStream(STREAM, OLD)));
        assertEquals(
                RefusalCode.FENCED, grid.refuse(new ChunkCommand.SetStreamProfile(STREAM, OLD, PROFILE)));
        assertEquals(RefusalCode.FENCED, grid.refuse(new ChunkCommand.DeleteStream(STREAM, OLD)));
        assertEquals(
                RefusalCode.FENCED,
                grid.refuse(new ChunkCommand.Open(chunk(2), OLD, PROFILE, Samples.places(6))));
        assertEquals(RefusalCode.FENCED, grid.refuse(new ChunkCommand.Seal(chunk(1), OLD, 0, 0, 0)));
        assertEquals(
                RefusalCode.FENCED,
                grid.refuse(new ChunkCommand.UpdateUseful(STREAM, OLD, List.of(new UsefulBytes(1, 0)))));
        assertEquals(
                RefusalCode.FENCED, grid.refuse(new ChunkCommand.Release(chunk(1), OLD, Optional.empty())));
    }

    @Test
    void aNewerTokenTakesOver() {
        open(1);
        grid.accept(new ChunkCommand.Seal(chunk(1), NEW, 100, 100, 0));
        assertEquals(NEW, grid.get(STREAMS, STREAM).token());
        assertEquals(
                RefusalCode.FENCED,
                grid.refuse(new ChunkCommand.Open(chunk(2), NOW, PROFILE, Samples.places(6))));
    }

    @Test
    void aNumberIsUsedOnce() {
        open(1);
        assertEquals(
                RefusalCode.EXISTS,
                grid.refuse(new ChunkCommand.Open(chunk(1), NOW, PROFILE, Samples.places(6))));
        open(5);
        assertEquals(
                RefusalCode.EXISTS,
                grid.refuse(new ChunkCommand.Open(chunk(4), NOW, PROFILE, Samples.places(6))));
        sealed(6);
        grid.accept(new ChunkCommand.UpdateUseful(STREAM, NOW, List.of(new UsefulBytes(6, 0))));
        grid.accept(new ChunkCommand.Release(chunk(6), NOW, Optional.empty()));
        grid.accept(new ChunkCommand.Forget(chunk(6)));
        assertEquals(
                RefusalCode.EXISTS,
                grid.refuse(new ChunkCommand.Open(chunk(6), NOW, PROFILE, Samples.places(6))));
    }

    @Test
    void fragmentsLieInDifferentFailurePlaces() {
        List<FragmentPlace> shared = new ArrayList<>(Samples.places(5));
        shared.add(new FragmentPlace(1, 1));
        assertEquals(
                RefusalCode.INVALID, grid.refuse(new ChunkCommand.Open(chunk(1), NOW, PROFILE, shared)));
        Profile byDisk = new Profile(4, 2, Profile.Spread.DISK);
        assertEquals(
                RefusalCode.INVALID, grid.refuse(new ChunkCommand.Open(chunk(1), NOW, byDisk, shared)));
        grid.accept(new ChunkCommand.SetStreamProfile(STREAM, NOW, byDisk));
        grid.accept(new ChunkCommand.Open(chunk(1), NOW, byDisk, shared));
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new ChunkCommand.Open(chunk(2), NOW, byDisk, Samples.places(5))));
    }

    @Test
    void sealingAgainChangesNothing() {
        sealed(1);
        grid.accept(new ChunkCommand.Seal(chunk(1), NOW, 1_000, 1, 0));
        assertEquals(900, grid.get(CHUNKS, chunk(1)).usefulBytes());
        assertEquals(
                RefusalCode.FORBIDDEN_STATE, grid.refuse(new ChunkCommand.Seal(chunk(1), NOW, 999, 1, 0)));
    }

    @Test
    void aChunkWithTooLittleParityIsAtRiskFromTheStart() {
        Profile weak = new Profile(4, 1, Profile.Spread.NODE);
        grid.accept(new ChunkCommand.Open(chunk(1), NOW, weak, Samples.places(5)));
        assertEquals(List.of(chunk(1)), atRisk());
        grid.accept(new ChunkCommand.Seal(chunk(1), NOW, 10, 10, 0));
        assertEquals(new ChunkState.AtRisk(0), grid.get(CHUNKS, chunk(1)).state());
    }

    @Test
    void aLostFragmentIsReplacedByAVerifiedCopyOnly() {
        sealed(1);
        assertEquals(RefusalCode.INVALID, grid.refuse(new ChunkCommand.ReportLost(chunk(1), 1 << 6)));
        grid.accept(new ChunkCommand.ReportLost(chunk(1), 0b100));
        grid.accept(new ChunkCommand.ReportLost(chunk(1), 0b001));
        assertEquals(new ChunkState.AtRisk(0b101), grid.get(CHUNKS, chunk(1)).state());
        FragmentPlace from = new FragmentPlace(3, 0);
        FragmentPlace to = new FragmentPlace(9, 0);
        assertEquals(RefusalCode.INVALID, grid.refuse(replace(2, from, to, 999)));
        assertEquals(RefusalCode.INVALID, grid.refuse(replace(2, from, new FragmentPlace(4, 3), 1_000)));
        assertEquals(RefusalCode.VERSION_MISMATCH, grid.refuse(replace(2, to, from, 1_000)));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(replace(6, from, to, 1_000)));
        grid.accept(replace(2, from, to, 1_000));
        assertEquals(List.of(chunk(1)), atRisk());
        grid.accept(replace(0, new FragmentPlace(1, 0), new FragmentPlace(1, 1), 1_000));
        assertInstanceOf(ChunkState.Sealed.class, grid.get(CHUNKS, chunk(1)).state());
        assertTrue(atRisk().isEmpty());
        assertEquals(
                List.of(new ChunkIndexes.Placed(chunk(1), 2, 0)),
                ChunkIndexes.onNode(grid.store(), 9, Optional.empty(), 10));
        assertTrue(ChunkIndexes.onNode(grid.store(), 3, Optional.empty(), 10).isEmpty());
    }

    @Test
    void usefulBytesKeepAChunkUntilAnotherHoldsThem() {
        sealed(1);
        sealed(2);
        open(3);
        assertEquals(
                RefusalCode.IN_USE, grid.refuse(new ChunkCommand.Release(chunk(1), NOW, Optional.empty())));
        assertEquals(
                RefusalCode.IN_USE,
                grid.refuse(new ChunkCommand.Release(chunk(1), NOW, Optional.of(chunk(1)))));
        assertEquals(
                RefusalCode.IN_USE,
                grid.refuse(new ChunkCommand.Release(chunk(1), NOW, Optional.of(chunk(3)))));
        assertEquals(
                RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new ChunkCommand.Release(chunk(3), NOW, Optional.empty())));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new ChunkCommand.Forget(chunk(1))));
        grid.accept(new ChunkCommand.Release(chunk(1), NOW, Optional.of(chunk(2))));
        grid.accept(new ChunkCommand.Forget(chunk(1)));
        assertTrue(grid.find(CHUNKS, chunk(1)).isEmpty());
        assertEquals(RefusalCode.IN_USE, grid.refuse(new ChunkCommand.DeleteStream(STREAM, NOW)));
    }

    @Test
    void usefulBytesAreTakenOverAllOrNone() {
        sealed(1);
        open(2);
        assertEquals(
                RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new ChunkCommand.UpdateUseful(
                        STREAM, NOW, List.of(new UsefulBytes(1, 0), new UsefulBytes(2, 0)))));
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new ChunkCommand.UpdateUseful(STREAM, NOW, List.of(new UsefulBytes(1, 1_001)))));
        assertEquals(900, grid.get(CHUNKS, chunk(1)).usefulBytes());
    }

    @Test
    void openChunksAreBounded() {
        for (int i = 0; i < ChunkRules.OPEN_MAX; i++) {
            open(i);
        }
        assertEquals(
                RefusalCode.QUOTA_EXCEEDED,
                grid.refuse(new ChunkCommand.Open(
                        chunk(ChunkRules.OPEN_MAX), NOW, PROFILE, Samples.places(6))));
    }

    private void open(long number) {
        grid.accept(new ChunkCommand.Open(chunk(number), NOW, PROFILE, Samples.places(6)));
    }

    private void sealed(long number) {
        open(number);
        grid.accept(new ChunkCommand.Seal(chunk(number), NOW, 1_000, 900, 0));
    }

    private ChunkCommand replace(int fragment, FragmentPlace from, FragmentPlace to, long verifiedBytes) {
        return new ChunkCommand.ReplaceFragment(
                chunk(1), new FragmentIndex(fragment), from, to, verifiedBytes);
    }

    private List<ChunkId> atRisk() {
        return ChunkIndexes.atRisk(grid.store(), Optional.empty(), 10);
    }

    private static ChunkId chunk(long number) {
        return new ChunkId(STREAM.value(), number);
    }
}
