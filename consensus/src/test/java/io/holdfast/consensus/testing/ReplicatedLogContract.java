package io.holdfast.consensus.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.InvalidProposalException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.consensus.log.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every replicated log must do at its leader, the fake like the real one.
public abstract class ReplicatedLogContract {
    private static final SessionId SESSION = new SessionId(7, 11);

    protected final ManualInstants clock = new ManualInstants();
    private TallyStateMachine machine;
    private ReplicatedLog log;

    /// Opens an empty log on this peer, which leads before this returns.
    protected abstract ReplicatedLog open(TallyStateMachine machine) throws Exception;

    /// Closes the log and opens it again with another machine on what it had stored.
    protected abstract ReplicatedLog reopen(ReplicatedLog open, TallyStateMachine machine) throws Exception;

    @BeforeEach
    void openLog() throws Exception {
        machine = new TallyStateMachine();
        log = open(machine);
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void restart() throws Exception {
        machine = new TallyStateMachine();
        log = reopen(log, machine);
    }

    @Test
    void appliesAProposalAndAnswersIt() throws Exception {
        Committed first = get(log.propose(Proposal.sessionless(TallyStateMachine.command("a"))));
        Committed second = get(log.propose(Proposal.sessionless(TallyStateMachine.command("a"))));
        assertEquals(1, TallyStateMachine.count(first.reply()));
        assertEquals(2, TallyStateMachine.count(second.reply()));
        assertTrue(second.index().isAfter(first.index()));
        assertEquals(2, TallyStateMachine.tally(log.store(), "a"));
        assertEquals(second.index(), log.appliedIndex());
        assertEquals(second.index(), machine.lastEntry());
    }

    @Test
    void appliesARetryOnce() throws Exception {
        Committed first = get(propose(1, 0, "a"));
        Committed retried = get(propose(1, 0, "a"));
        assertEquals(first.index(), retried.index());
        assertEquals(first.ordinal(), retried.ordinal());
        assertEquals(1, TallyStateMachine.count(retried.reply()));
        assertEquals(1, TallyStateMachine.tally(log.store(), "a"));
        assertEquals(1, log.status().progress().commandsRepeated());
    }

    @Test
    void appliesARetryOnceAfterARestart() throws Exception {
        Committed first = get(propose(1, 0, "a"));
        get(propose(2, 0, "b"));
        restart();
        Committed retried = get(propose(1, 0, "a"));
        assertEquals(first.index(), retried.index());
        assertEquals(1, TallyStateMachine.tally(log.store(), "a"));
        assertEquals(0, machine.applied());
    }

    @Test
    void answersASessionsCommandsOutOfOrder() throws Exception {
        get(propose(3, 0, "c"));
        get(propose(1, 0, "a"));
        get(propose(2, 0, "b"));
        assertEquals(1, TallyStateMachine.count(get(propose(3, 0, "c")).reply()));
        assertEquals(3, machine.applied());
    }

    @Test
    void keepsSessionsApart() throws Exception {
        get(propose(1, 0, "a"));
        Proposal other = new Proposal(new SessionId(7, 12), 1, 0, TallyStateMachine.command("a"));
        assertEquals(2, TallyStateMachine.count(get(log.propose(other)).reply()));
    }

    @Test
    void forgetsAcknowledgedResults() throws Exception {
        get(propose(1, 0, "a"));
        get(propose(2, 1, "a"));
        assertInstanceOf(OutcomeUnknownException.class, failure(propose(1, 0, "a")));
        restart();
        assertInstanceOf(OutcomeUnknownException.class, failure(propose(1, 0, "a")));
        assertEquals(2, TallyStateMachine.tally(log.store(), "a"));
    }

    @Test
    void doesNotApplyARetryOfAnExpiredSession() throws Exception {
        get(propose(1, 0, "a"));
        get(propose(2, 1, "a"));
        clock.advance(Duration.ofMinutes(61));
        get(log.propose(Proposal.sessionless(TallyStateMachine.command("tick"))));
        assertInstanceOf(SessionExpiredException.class, failure(propose(2, 1, "a")));
        assertEquals(2, TallyStateMachine.tally(log.store(), "a"));
    }

    @Test
    void keepsASessionThatIsUsed() throws Exception {
        for (int i = 1; i <= 4; i++) {
            get(propose(i, i - 1, "a"));
            clock.advance(Duration.ofMinutes(40));
        }
        assertEquals(4, TallyStateMachine.tally(log.store(), "a"));
    }

    @Test
    void refusesWhatCanNeverBeAccepted() throws Exception {
        assertInstanceOf(InvalidProposalException.class, failure(propose(0, 0, "a")));
        assertInstanceOf(
                InvalidProposalException.class, failure(propose(Proposal.OUTSTANDING_MAX + 1, 0, "a")));
        get(propose(Proposal.OUTSTANDING_MAX, 0, "a"));
    }

    @Test
    void neverLetsTimeGoBack() throws Exception {
        get(propose(1, 0, "a"));
        long before = machine.lastContext().timeMillis();
        assertEquals(clock.millis(), before);
        clock.advance(Duration.ofMinutes(-5));
        get(propose(2, 1, "a"));
        assertEquals(before, machine.lastContext().timeMillis());
        restart();
        get(propose(3, 2, "a"));
        assertEquals(before, machine.lastContext().timeMillis());
    }

    @Test
    void appliesManyOutstandingProposalsOnceEach() throws Exception {
        List<CompletableFuture<Committed>> futures = new ArrayList<>();
        for (int i = 1; i <= 1_000; i++) {
            futures.add(propose(i, 0, "a"));
        }
        long sum = 0;
        for (CompletableFuture<Committed> future : futures) {
            sum += TallyStateMachine.count(get(future).reply());
        }
        assertEquals(1_000L * 1_001 / 2, sum);
        assertEquals(1_000, TallyStateMachine.tally(log.store(), "a"));
    }

    @Test
    void continuesAfterARestartWithoutApplyingAgain() throws Exception {
        for (int i = 1; i <= 50; i++) {
            get(propose(i, i - 1, "a"));
        }
        restart();
        assertEquals(1, machine.replaced());
        assertEquals(50, TallyStateMachine.tally(log.store(), "a"));
        assertEquals(51, TallyStateMachine.count(get(propose(51, 50, "a")).reply()));
        assertEquals(1, machine.applied());
    }

    @Test
    void readBarrierSeesWhatWasAnsweredBefore() throws Exception {
        Committed committed = get(propose(1, 0, "a"));
        LogIndex barrier = get(log.readBarrier());
        assertTrue(barrier.compareTo(committed.index()) >= 0);
        assertTrue(log.appliedIndex().compareTo(barrier) >= 0);
    }

    @Test
    void awaitsAnIndex() throws Exception {
        Committed committed = get(propose(1, 0, "a"));
        get(log.awaitApplied(committed.index()));
        CompletableFuture<LogIndex> next = log.awaitApplied(log.appliedIndex().next());
        get(propose(2, 1, "a"));
        assertTrue(get(next).isAfter(committed.index()));
    }

    @Test
    void holdsTheLeaseWhileItLeads() throws Exception {
        get(propose(1, 0, "a"));
        assertTrue(log.holdsLeaderLease());
        assertTrue(log.leadership().isLeader());
        assertEquals(log.leadership().self(), log.leadership().leader().orElseThrow());
    }

    @Test
    void tellsItsStatus() throws Exception {
        get(propose(1, 0, "a"));
        LedgerStatus status = log.status();
        assertEquals(log.group(), status.group());
        assertEquals(log.appliedIndex(), status.progress().applied());
        assertEquals(1, status.progress().commandsApplied());
        assertEquals(1, status.proposals().commandsProposed());
        assertEquals(0, status.proposals().queuedCommands());
        assertTrue(status.leaseHeld());
    }

    @Test
    void refusesProposalsOnceClosed() {
        log.close();
        assertInstanceOf(UnavailableException.class, failure(propose(1, 0, "a")));
    }

    private CompletableFuture<Committed> propose(long sequence, long acknowledged, String name) {
        return log.propose(
                new Proposal(SESSION, sequence, acknowledged, TallyStateMachine.command(name)));
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS));
        return failed.getCause();
    }
}
