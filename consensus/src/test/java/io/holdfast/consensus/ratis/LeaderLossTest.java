package io.holdfast.consensus.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.history.HistoryReport;
import io.holdfast.consensus.history.HistoryVerifier;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.rocksdb.RocksResources;
import io.holdfast.consensus.rocksdb.RocksStateStore;
import io.holdfast.consensus.testing.Await;
import io.holdfast.consensus.testing.TallyStateMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/// Callers that retry within their session while leaders go away: nothing lost, nothing twice.
final class LeaderLossTest {
    private static final int CALLERS = 8;

    /// Between a refusal and the next attempt.
    private static final long PAUSE_NANOS = 2_000_000;

    @TempDir
    Path directory;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    @Test
    void losesAndRepeatsNothingWhenLeadersGoAwayUnderLoad() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.startVoters(3);
            peers.leader();
            AtomicReference<List<LedgerPeers.Running>> alive = new AtomicReference<>(peers.all());
            List<Caller> callers = new ArrayList<>();
            for (int i = 1; i <= CALLERS; i++) {
                callers.add(new Caller(new SessionId(1, i), "caller" + i, alive));
            }
            List<Thread> threads = callers.stream()
                    .map(caller -> Thread.ofPlatform().start(() -> run(caller)))
                    .toList();
            for (int kill = 0; kill < 2; kill++) {
                long before = acknowledged.get();
                Await.until("writes go on", () -> acknowledged.get() > before + 200 || failure.get() != null);
                PeerId lost = peers.leader().log().leadership().self();
                peers.stop(lost);
                alive.set(peers.all());
                long since = acknowledged.get();
                Await.until("writes go on without it", () -> acknowledged.get() > since + 50);
                peers.start(lost, List.of(), new TallyStateMachine());
                alive.set(peers.all());
            }
            stopping.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(null, failure.get());
            assertEverythingOnceEverywhere(peers, callers);
        }
        assertHistoriesIntact();
    }

    private void run(Caller caller) {
        try {
            while (!stopping.get()) {
                caller.proposeNext();
                acknowledged.incrementAndGet();
            }
        } catch (ExecutionException | InterruptedException | TimeoutException | AssertionError e) {
            failure.set(e);
        }
    }

    private static void assertEverythingOnceEverywhere(LedgerPeers peers, List<Caller> callers)
            throws Exception {
        for (LedgerPeers.Running peer : peers.all()) {
            ReplicatedLog log = peer.log();
            Await.until("it reads", () -> log.readBarrier().handle((_, e) -> e == null).join());
            for (Caller caller : callers) {
                assertEquals(caller.answered, TallyStateMachine.tally(log.store(), caller.name));
            }
        }
    }

    private void assertHistoriesIntact() throws Exception {
        try (RocksResources resources = new RocksResources()) {
            for (String name : List.of("n1", "n2", "n3")) {
                Path state = directory.resolve(name).resolve("state/main");
                try (RocksStateStore store = RocksStateStore.openReadOnly(state, resources)) {
                    HistoryReport report = HistoryVerifier.verify(store);
                    assertInstanceOf(HistoryReport.Intact.class, report, report::toString);
                    assertTrue(report.verifiedCount() > 0);
                }
            }
        }
    }

    /// Proposes one command after the other, each until it is answered. Confined to its thread.
    private static final class Caller {
        private final SessionId session;
        private final String name;
        private final AtomicReference<List<LedgerPeers.Running>> alive;
        private long answered;
        private int next;

        Caller(SessionId session, String name, AtomicReference<List<LedgerPeers.Running>> alive) {
            this.session = session;
            this.name = name;
            this.alive = alive;
        }

        void proposeNext() throws ExecutionException, InterruptedException, TimeoutException {
            long sequence = answered + 1;
            Proposal proposal =
                    new Proposal(session, sequence, answered, TallyStateMachine.command(name));
            while (true) {
                List<LedgerPeers.Running> peers = alive.get();
                ReplicatedLog log = peers.get(next % peers.size()).log();
                try {
                    Committed committed = log.propose(proposal).get(30, TimeUnit.SECONDS);
                    assertEquals(sequence, TallyStateMachine.count(committed.reply()));
                    answered = sequence;
                    return;
                } catch (ExecutionException e) {
                    if (!mayRetry(e.getCause())) {
                        throw e;
                    }
                    next++;
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }

        private static boolean mayRetry(@Nullable Throwable cause) {
            return cause instanceof ConsensusException
                    && (cause instanceof NotLeaderException
                            || cause instanceof OutcomeUnknownException
                            || cause instanceof UnavailableException);
        }
    }
}
