package io.holdfast.consensus.ratis;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.testing.ReplicatedLogContract;
import io.holdfast.consensus.testing.TallyStateMachine;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class RatisReplicatedLogTest extends ReplicatedLogContract {
    private static final PeerId ONLY = new PeerId("n1");

    @TempDir
    Path directory;

    private LedgerPeers peers;

    @Override
    protected ReplicatedLog open(TallyStateMachine machine) {
        peers = new LedgerPeers(directory, clock, UnaryOperator.identity());
        peers.start(ONLY, List.of(peers.peer("n1")), machine);
        return peers.leader().log();
    }

    @Override
    protected ReplicatedLog reopen(ReplicatedLog open, TallyStateMachine machine) {
        peers.stop(ONLY);
        peers.start(ONLY, List.of(), machine);
        return peers.leader().log();
    }

    @AfterEach
    void stop() {
        peers.close();
    }
}
