package io.holdfast.chaos.checker;

import io.holdfast.chaos.checker.BlockEvent.AnsweredLate;
import io.holdfast.chaos.checker.BlockEvent.Read;
import io.holdfast.chaos.checker.BlockEvent.Server;
import io.holdfast.chaos.checker.BlockEvent.Unanswered;
import io.holdfast.chaos.checker.BlockEvent.Written;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges the blocks of a volume, each written by one writer with growing versions. What was said to be safe
/// is there, whoever serves. What was not may be there or not, also after it was read, as on a disk with a
/// volatile cache that loses its power: but only once, when another server takes over, and never while the
/// same one serves; what is read then stays. Once a server has answered, former ones answer nothing. Linear
/// time. Immutable.
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
        Findings findings = new Findings("volume-blocks");
        Map<Long, Block> blocks = new HashMap<>();
        long newest = 0;
        for (BlockEvent event : events) {
            boolean isAnswer = event instanceof Written || event instanceof Read;
            if (isAnswer && event.server().token() < newest) {
                findings.add(FORMER_SERVER_ANSWERED, "block " + event.block(),
                        event + " but token " + newest + " had answered");
                continue;
            }
            if (isAnswer && event.server().token() > newest) {
                newest = event.server().token();
                for (Block block : blocks.values()) {
                    block.takenOverBy(event.server());
                }
            }
            Block block = blocks.computeIfAbsent(event.block(), _ -> new Block());
            switch (event) {
                case Written written -> block.written(written.version());
                case Unanswered unanswered -> block.unanswered(
                        unanswered.version(), unanswered.server(), unanswered.server().token() < newest);
                case AnsweredLate late -> block.answeredLate(findings, late);
                case Read read -> read(findings, block, read);
            }
        }
        findings.checked(events.size());
        return findings.verdict();
    }

    private void read(Findings findings, Block block, Read read) {
        String key = "block " + read.block();
        switch (read.found()) {
            case BlockContent.Torn _ -> findings.add(TORN, key, read + " should be " + block);
            case BlockContent.Zeros _ -> block.found(findings, 0, read);
            case BlockContent.Stamp stamp -> {
                if (stamp.block() != read.block() || stamp.writer() != writer) {
                    findings.add(MISPLACED, key, read + " should be " + block + " of writer " + writer);
                } else {
                    block.found(findings, stamp.version(), read);
                }
            }
        }
    }

    /// What a block may hold.
    private static final class Block {
        private final Set<Long> possible = new HashSet<>(Set.of(0L));
        /// Without an answer, by the server that may still carry it out.
        private final Map<Long, Server> open = new HashMap<>();
        /// Not known to be safe, by the server that it was sent to: what may be gone when another takes
        /// over.
        private final Map<Long, Server> unsafe = new HashMap<>();
        private final Set<Long> refuted = new HashSet<>();
        private long safe;

        void written(long version) {
            settle(version);
            becomeSafe(version);
        }

        /// Now it holds this, unless a late write comes.
        private void settle(long version) {
            possible.clear();
            possible.add(version);
            possible.addAll(open.keySet());
        }

        private void becomeSafe(long version) {
            safe = version;
            unsafe.remove(version);
            unsafe.keySet().retainAll(open.keySet());
        }

        /// @param isFormer whether another server had taken over before: then it never happens
        void unanswered(long version, Server server, boolean isFormer) {
            if (isFormer) {
                refuted.add(version);
                return;
            }
            possible.add(version);
            open.put(version, server);
            unsafe.put(version, server);
        }

        void takenOverBy(Server server) {
            open.values().removeIf(other -> !other.equals(server));
            possible.addAll(unsafe.keySet());
            possible.add(safe);
        }

        void answeredLate(Findings findings, AnsweredLate late) {
            open.remove(late.version());
            if (refuted.contains(late.version())) {
                findings.add(OLD_HOLDER_ACKNOWLEDGED, "block " + late.block(),
                        late + " but it was not there");
            }
        }

        void found(Findings findings, long version, Read read) {
            if (!possible.contains(version)) {
                findings.add(nameOf(version), "block " + read.block(), read + " should be " + this);
            }
            for (long other : possible) {
                if (other > version && !open.containsKey(other)) {
                    refuted.add(other);
                }
            }
            settle(version);
            if (!read.server().equals(unsafe.get(version))) {
                becomeSafe(version); // It outlived the server that it was sent to.
            }
        }

        private String nameOf(long version) {
            if (version < safe) {
                return LOST;
            }
            return version == safe || unsafe.containsKey(version) ? ROLLED_BACK : PHANTOM;
        }

        @Override
        public String toString() {
            return "one of " + possible + ", safe=" + safe + ", unsafe=" + unsafe.keySet();
        }
    }
}
