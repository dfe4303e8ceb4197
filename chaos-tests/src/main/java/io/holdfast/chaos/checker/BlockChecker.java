package io.holdfast.chaos.checker;

import java.util.List;

/// Judges the blocks of a volume, each written by one writer with growing versions. What was said to be safe
/// is there, whoever serves. What was not may be there or not, also after it was read, as on a disk with a
/// volatile cache that loses its power: but only once, when another server takes over, and never while the
/// same one serves; what is read then stays. Once a server has answered, former ones answer nothing. Linear
/// time. Immutable; [BlockJudge] judges event by event.
public final class BlockChecker {
    /// A block holds an older version than one that was said to be safe, or none.
    public static final String LOST = "block-lost";
    /// A block holds a version that was never written, or one that had turned out not to be there.
    public static final String PHANTOM = "block-phantom";
    /// A block holds an older version than the same server gave out before.
    public static final String ROLLED_BACK = "block-rolled-back";
    /// A server answered after another one had taken over.
    public static final String FORMER_SERVER_ANSWERED = "former-server-answered";
    /// A block holds neither one version nor another.
    public static final String TORN = "block-torn";
    /// A block holds what was written to another one, or by another writer.
    public static final String MISPLACED = "block-misplaced";
    /// A node said that a write is safe that was not there when another node had taken over.
    public static final String OLD_HOLDER_ACKNOWLEDGED = "old-holder-acknowledged";

    private final long writer;

    public BlockChecker(long writer) {
        this.writer = writer;
    }

    /// Judges everything that the writer learned.
    public Verdict check(List<BlockEvent> events) {
        BlockJudge judge = new BlockJudge(writer);
        events.forEach(judge::take);
        return judge.verdict();
    }
}
