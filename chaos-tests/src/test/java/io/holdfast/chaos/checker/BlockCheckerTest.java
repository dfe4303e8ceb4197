package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.BlockEvent.AnsweredLate;
import io.holdfast.chaos.checker.BlockEvent.Read;
import io.holdfast.chaos.checker.BlockEvent.Unanswered;
import io.holdfast.chaos.checker.BlockEvent.Written;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockCheckerTest {
    private static final long WRITER = 3;

    private static Verdict check(BlockEvent... events) {
        return new BlockChecker(WRITER).check(List.of(events));
    }

    private static Read found(long version, String node) {
        return new Read(7, new BlockContent.Stamp(7, version, WRITER), node);
    }

    @Test
    void newestSafeVersionPasses() {
        assertTrue(check(new Read(7, new BlockContent.Zeros(), "a"), new Written(7, 1, "a"),
                new Written(7, 2, "a"), found(2, "b")).isPassed());
    }

    @Test
    void olderVersionThanTheSafeOneIsNamed() {
        assertTrue(check(new Written(7, 1, "a"), new Written(7, 2, "a"), found(1, "b"))
                .names(BlockChecker.LOST));
        assertTrue(check(new Written(7, 1, "a"), new Read(7, new BlockContent.Zeros(), "b"))
                .names(BlockChecker.LOST));
    }

    @Test
    void unansweredVersionMayBeThereOrNot() {
        assertTrue(check(new Written(7, 1, "a"), new Unanswered(7, 2, "a"), found(2, "b")).isPassed());
        assertTrue(check(new Written(7, 1, "a"), new Unanswered(7, 2, "a"), found(1, "b")).isPassed());
    }

    @Test
    void unansweredVersionMayComeLateAtTheSameNodeOnly() {
        assertTrue(check(new Written(7, 1, "a"), new Unanswered(7, 2, "a"), found(1, "a"), found(2, "a"))
                .isPassed());
        assertTrue(check(new Written(7, 1, "a"), new Unanswered(7, 2, "a"), found(1, "b"), found(2, "b"))
                .names(BlockChecker.PHANTOM));
    }

    @Test
    void lateAnswerForWhatAnotherNodeDidNotHaveIsNamed() {
        assertTrue(check(new Written(7, 1, "a"), new Unanswered(7, 2, "a"), found(1, "b"),
                        new AnsweredLate(7, 2, "a"))
                .names(BlockChecker.OLD_HOLDER_ACKNOWLEDGED));
        assertTrue(check(new Written(7, 1, "a"), new Unanswered(7, 2, "a"), found(2, "b"),
                        new AnsweredLate(7, 2, "a"))
                .isPassed());
    }

    @Test
    void foreignAndDamagedBlocksAreNamed() {
        assertTrue(check(new Read(7, new BlockContent.Stamp(8, 1, WRITER), "a"))
                .names(BlockChecker.MISPLACED));
        assertTrue(check(new Read(7, new BlockContent.Stamp(7, 1, WRITER + 1), "a"))
                .names(BlockChecker.MISPLACED));
        assertTrue(check(new Read(7, new BlockContent.Torn(), "a")).names(BlockChecker.TORN));
    }

    @Test
    void contentIsWhatWasWrittenAndDamageShows() {
        BlockContent.Stamp stamp = new BlockContent.Stamp(7, 2, WRITER);
        byte[] bytes = stamp.encode();
        assertEquals(stamp, BlockContent.decode(bytes));
        bytes[1_000] ^= 1;
        assertEquals(new BlockContent.Torn(), BlockContent.decode(bytes));
        assertEquals(new BlockContent.Zeros(), BlockContent.decode(new byte[BlockContent.BLOCK_BYTES]));
    }
}
