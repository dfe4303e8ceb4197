package io.holdfast.consensus.ratis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.consensus.testing.Await;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFailureTest {
    private static final PeerId ONLY = new PeerId("n1");
    private static final GroupId GROUP = new GroupId("fragile");

    @TempDir
    Path directory;

    @Test
    void logWhoseStateCannotBeWrittenSaysSo() {
        LedgerPeers peers = LedgerPeers.in(directory);
        try (LedgerServer server = LedgerServer.open(peers.config(ONLY))) {
            ReplicatedLog log = server.open(GROUP, new FragileMachine(), List.of(peers.peer("n1")));
            Await.until("a leader", () -> log.leadership().isLeader());
            log.propose(Proposal.sessionless("sound".getBytes(US_ASCII))).join();
            assertFalse(log.failure().isDone());
            var _ = log.propose(Proposal.sessionless("broken".getBytes(US_ASCII)));
            Await.until("the log fails", () -> log.failure().isDone());
            assertEquals("the disk is gone", log.failure().join().getMessage());
        }
    }

    /// Breaks at a certain command, as a store does whose disk fails.
    private static final class FragileMachine implements LedgerStateMachine {
        @Override
        public List<Keyspace> keyspaces() {
            return List.of();
        }

        @Override
        public byte[] apply(CommandContext context, byte[] command, StateTransaction transaction) {
            if (new String(command, US_ASCII).equals("broken")) {
                throw new IllegalStateException("the disk is gone");
            }
            return command;
        }

        @Override
        public void onEntryApplied(LogIndex index) {}

        @Override
        public void onStateReplaced(StateStore store) {}
    }
}
