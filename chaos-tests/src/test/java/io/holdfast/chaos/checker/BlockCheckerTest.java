package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.BlockEvent.AnsweredLate;
import io.holdfast.chaos.checker.BlockEvent.Read;
import io.holdfast.chaos.checker.BlockEvent.Server;
import io.holdfast.chaos.checker.BlockEvent.Unanswered;
import io.holdfast.chaos.checker.BlockEvent.Written;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockCheckerTest {
    private static final long WRITER = 3;
    private static final Server A = new Server("a", 5);
    private static final Server B = new Server("b", 9);
    private static final Server A_AGAIN = new Server("a", 12);

    private static Verdict check(BlockEvent... events) {
        return new BlockChecker(WRITER).check(List.of(events));
    }

    private static Read found(long version, Server server) {
        return new Read(7, new BlockContent.Stamp(7, version, WRITER), server);
    }

    @Test
    void newestSafeVersionPasses() {
        assertTrue(check(new Read(7, new BlockContent.Zeros(), A), new Written(7, 1, A),
                new Written(7, 2, A), found(2, B)).isPassed());
    }

    @Test
    void olderVersionThanTheSafeOneIsNamed() {
        assertTrue(check(new Written(7, 1, A), new Written(7, 2, A), found(1, B))
                .names(BlockChecker.LOST));
        assertTrue(check(new Written(7, 1, A), new Read(7, new BlockContent.Zeros(), B))
                .names(BlockChecker.LOST));
    }

    @Test
    void unansweredVersionMayBeThereOrNot() {
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(2, B)).isPassed());
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(1, B)).isPassed());
    }

    @Test
    void unansweredVersionMayComeLateAtTheSameServerOnly() {
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(1, A), found(2, A))
                .isPassed());
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(1, B), found(2, B))
                .names(BlockChecker.PHANTOM));
    }

    @Test
    void unsafeVersionThatWasReadMayBeGoneOnceAnotherServerTookOver() {
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(2, A), found(1, B), found(1, B))
                .isPassed());
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(2, A), found(1, A_AGAIN))
                .isPassed());
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(2, A), found(2, B),
                        found(1, A_AGAIN))
                .names(BlockChecker.LOST));
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(2, A), found(1, B),
                        found(2, A_AGAIN))
                .names(BlockChecker.PHANTOM));
    }

    @Test
    void whatWasReadStaysWhileTheSameServerServes() {
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(2, A), found(1, A))
                .names(BlockChecker.ROLLED_BACK));
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), new Unanswered(7, 3, A),
                        new AnsweredLate(7, 2, A), new AnsweredLate(7, 3, A), found(3, A), found(2, A))
                .names(BlockChecker.ROLLED_BACK));
    }

    @Test
    void answersOfAFormerServerAreNamed() {
        assertTrue(check(new Written(7, 1, A), found(1, B), found(1, A))
                .names(BlockChecker.FORMER_SERVER_ANSWERED));
        assertTrue(check(new Written(7, 1, B), new Written(7, 2, A))
                .names(BlockChecker.FORMER_SERVER_ANSWERED));
    }

    @Test
    void whatIsSentToAFormerServerNeverHappens() {
        assertTrue(check(new Written(7, 1, B), new Unanswered(7, 2, A), found(2, B))
                .names(BlockChecker.PHANTOM));
        assertTrue(check(new Written(7, 1, B), new Unanswered(7, 2, A), new AnsweredLate(7, 2, A))
                .names(BlockChecker.OLD_HOLDER_ACKNOWLEDGED));
    }

    @Test
    void lateAnswerForWhatWasThereAndWasOverwrittenPasses() {
        assertTrue(check(new Unanswered(7, 1, A), found(1, B), new Unanswered(7, 2, B), found(2, B),
                        new AnsweredLate(7, 1, A))
                .isPassed());
    }

    @Test
    void lateAnswerForWhatAnotherNodeDidNotHaveIsNamed() {
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(1, B),
                        new AnsweredLate(7, 2, A))
                .names(BlockChecker.OLD_HOLDER_ACKNOWLEDGED));
        assertTrue(check(new Written(7, 1, A), new Unanswered(7, 2, A), found(2, B),
                        new AnsweredLate(7, 2, A))
                .isPassed());
    }

    @Test
    void foreignAndDamagedBlocksAreNamed() {
        assertTrue(check(new Read(7, new BlockContent.Stamp(8, 1, WRITER), A))
                .names(BlockChecker.MISPLACED));
        assertTrue(check(new Read(7, new BlockContent.Stamp(7, 1, WRITER + 1), A))
                .names(BlockChecker.MISPLACED));
        assertTrue(check(new Read(7, new BlockContent.Torn(), A)).names(BlockChecker.TORN));
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
