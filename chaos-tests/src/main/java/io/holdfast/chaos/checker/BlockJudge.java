package io.holdfast.chaos.checker;

import io.holdfast.chaos.checker.BlockEvent.AnsweredLate;
import io.holdfast.chaos.checker.BlockEvent.Read;
import io.holdfast.chaos.checker.BlockEvent.Server;
import io.holdfast.chaos.checker.BlockEvent.Unanswered;
import io.holdfast.chaos.checker.BlockEvent.Written;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What [BlockChecker] promises, judged event by event as a writer learns it, so that no history has to be
/// kept: what is remembered grows with the blocks and with the writes that got no answer, not with time.
/// Confined to its thread.
public final class BlockJudge {
    private final long writer;
    private final Findings findings = new Findings("volume-blocks");
    private final Map<Long, Block> blocks = new HashMap<>();
    private long newest;

    public BlockJudge(long writer) {
        this.writer = writer;
    }

    /// Judges the next event.
    public void take(BlockEvent event) {
        findings.checked(1);
        boolean isAnswer = event instanceof Written || event instanceof Read;
        if (isAnswer && event.server().token() < newest) {
            findings.add(BlockChecker.FORMER_SERVER_ANSWERED, "block " + event.block(),
                    event + " but token " + newest + " had answered");
            return;
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
            case Read read -> read(block, read);
        }
    }

    /// What was found so far.
    public Verdict verdict() {
        return findings.verdict();
    }

    private void read(Block block, Read read) {
        String key = "block " + read.block();
        switch (read.found()) {
            case BlockContent.Torn _ -> findings.add(BlockChecker.TORN, key, read + " should be " + block);
            case BlockContent.Zeros _ -> block.found(findings, 0, read);
            case BlockContent.Stamp stamp -> {
                if (stamp.block() != read.block() || stamp.writer() != writer) {
                    findings.add(BlockChecker.MISPLACED, key,
                            read + " should be " + block + " of writer " + writer);
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
                findings.add(BlockChecker.OLD_HOLDER_ACKNOWLEDGED, "block " + late.block(),
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
                return BlockChecker.LOST;
            }
            return version == safe || unsafe.containsKey(version)
                    ? BlockChecker.ROLLED_BACK : BlockChecker.PHANTOM;
        }

        @Override
        public String toString() {
            return "one of " + possible + ", safe=" + safe + ", unsafe=" + unsafe.keySet();
        }
    }
}
