package io.holdfast.gridstate.layer;

import static io.holdfast.gridstate.layer.LayerCatalogs.HOLDERS;
import static io.holdfast.gridstate.layer.LayerCatalogs.LAYERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.hostio.id.LayerDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LayerRulesTest {
    private static final LayerDigest DIGEST = Samples.DIGEST;
    private static final HolderKey HOLDER = new HolderKey(DIGEST, "n1");

    private final GridHarness grid = new GridHarness();

    @Test
    void aReferrerCountsOnce() {
        register(Optional.of("a"));
        grid.accept(new LayerCommand.AddReference(DIGEST, "a"));
        grid.accept(new LayerCommand.AddReference(DIGEST, "b"));
        assertEquals(new LayerState.Referenced(2), grid.get(LAYERS, DIGEST).state());
        grid.accept(new LayerCommand.RemoveReference(DIGEST, "b"));
        grid.accept(new LayerCommand.RemoveReference(DIGEST, "b"));
        grid.accept(new LayerCommand.RemoveReference(DIGEST, "never"));
        assertEquals(new LayerState.Referenced(1), grid.get(LAYERS, DIGEST).state());
    }

    @Test
    void goesOnlyAfterTheGracePeriod() {
        register(Optional.of("a"));
        assertEquals(RefusalCode.IN_USE, grid.refuse(new LayerCommand.MarkReclaimable(DIGEST)));
        grid.accept(new LayerCommand.RemoveReference(DIGEST, "a"));
        grid.elapse(LayerRules.GRACE_MILLIS - 1);
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new LayerCommand.MarkReclaimable(DIGEST)));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new LayerCommand.Delete(DIGEST)));
        grid.elapse(1);
        grid.accept(new LayerCommand.MarkReclaimable(DIGEST));
        grid.accept(new LayerCommand.Delete(DIGEST));
        assertTrue(grid.find(LAYERS, DIGEST).isEmpty());
    }

    @Test
    void aReferenceTakenAtTheLastMomentKeepsIt() {
        register(Optional.empty());
        grid.elapse(LayerRules.GRACE_MILLIS);
        grid.accept(new LayerCommand.MarkReclaimable(DIGEST));
        register(Optional.of("push"));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new LayerCommand.Delete(DIGEST)));
        assertInstanceOf(LayerState.Referenced.class, grid.get(LAYERS, DIGEST).state());
    }

    @Test
    void anotherSizeUnderTheSameDigestIsRefused() {
        register(Optional.empty());
        LayerDraft other =
                new LayerDraft(
                        7, "application/x", List.of(new ChunkRange(Samples.CHUNK, 0, 7, 1)),
                                Optional.empty());
        assertEquals(
                RefusalCode.EXISTS, grid.refuse(new LayerCommand.Register(DIGEST, other, Optional.empty())));
    }

    @Test
    void holdersKeepALayer() {
        register(Optional.empty());
        grid.accept(new LayerCommand.RecordBlocks(HOLDER, List.of(new BlockRange(0, 2))));
        grid.accept(new LayerCommand.RecordBlocks(HOLDER, List.of(new BlockRange(2, 1))));
        assertEquals(List.of(new BlockRange(0, 3)), grid.get(HOLDERS, HOLDER).ranges());
        assertEquals(1, grid.get(LAYERS, DIGEST).holderCount());
        grid.elapse(LayerRules.GRACE_MILLIS);
        grid.accept(new LayerCommand.MarkReclaimable(DIGEST));
        assertEquals(RefusalCode.IN_USE, grid.refuse(new LayerCommand.Delete(DIGEST)));
        grid.accept(new LayerCommand.ForgetBlocks(HOLDER));
        grid.accept(new LayerCommand.Delete(DIGEST));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(new LayerCommand.ForgetBlocks(HOLDER)));
    }

    @Test
    void blocksBeyondTheEndAreRefused() {
        register(Optional.empty());
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new LayerCommand.RecordBlocks(HOLDER, List.of(new BlockRange(8, 1)))));
    }

    @Test
    void unionIsThatOfTheBits() {
        long seed = 42;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            List<BlockRange> some = BlockRanges.union(List.of(), ranges(random), 256);
            List<BlockRange> others = ranges(random);
            BitSet expected = bits(some);
            expected.or(bits(others));
            List<BlockRange> union = BlockRanges.union(some, others, 256);
            assertEquals(expected, bits(union), () -> "seed=" + seed);
            assertEquals(union, new HolderEntry(union).ranges());
            List<BlockRange> few = BlockRanges.union(some, others, 3);
            assertTrue(few.size() <= 3);
            BitSet left = bits(few);
            left.andNot(expected);
            assertTrue(left.isEmpty(), () -> "seed=" + seed);
        }
    }

    private void register(Optional<String> referrer) {
        long sizeBytes = 8 * LayerEntry.BLOCK_BYTES;
        LayerDraft draft = new LayerDraft(
                sizeBytes, "application/x", List.of(new ChunkRange(Samples.CHUNK, 0, sizeBytes, 1)),
                Optional.empty());
        grid.accept(new LayerCommand.Register(DIGEST, draft, referrer));
    }

    private static List<BlockRange> ranges(SplittableRandom random) {
        List<BlockRange> ranges = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            ranges.add(new BlockRange(random.nextInt(40), random.nextInt(1, 6)));
        }
        return ranges;
    }

    private static BitSet bits(List<BlockRange> ranges) {
        BitSet bits = new BitSet();
        ranges.forEach(range -> bits.set((int) range.first(), (int) range.end()));
        return bits;
    }
}
