package io.holdfast.node.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class LedgerClientTest {
    private static final PeerId SELF = new PeerId("n1");
    private static final PeerId OTHER = new PeerId("n2");
    private static final PeerId THIRD = new PeerId("n3");
    private static final Committed DONE = new Committed(new LogIndex(7), 0, new byte[] {1});

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong sessions = new AtomicLong();
    private final List<String> sent = new ArrayList<>();
    private final Deque<CompletableFuture<Committed>> answers = new ArrayDeque<>();
    private Optional<PeerId> leader = Optional.of(OTHER);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private LedgerClient client(Duration deadline) {
        return new LedgerClient(
                new ScriptedRoute(), this::answer, timer, System::nanoTime,
                () -> new SessionId(1, sessions.incrementAndGet()), deadline);
    }

    private synchronized CompletableFuture<Committed> answer(PeerId target, Proposal proposal) {
        sent.add(target + "/" + proposal.session().low() + "/" + proposal.sequence());
        return answers.isEmpty() ? failed(new UnavailableException("down")) : answers.poll();
    }

    private static CompletableFuture<Committed> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }

    private static CompletableFuture<Committed> done() {
        return CompletableFuture.completedFuture(DONE);
    }

    /// What the client sees of the log: who leads; proposals here are recorded like those sent elsewhere.
    private final class ScriptedRoute implements LedgerClient.Route {
        @Override
        public Leadership leadership() {
            boolean leads = leader.filter(SELF::equals).isPresent();
            return new Leadership(
                    new Term(1), leader, SELF, leads ? Leadership.Role.LEADER : Leadership.Role.VOTER);
        }

        @Override
        public CompletableFuture<Committed> proposeHere(Proposal proposal) {
            return answer(SELF, proposal);
        }
    }

    @Test
    void proposesHereWhenThisNodeLeads() throws Exception {
        leader = Optional.of(SELF);
        answers.add(done());
        assertEquals(DONE, client(Duration.ofSeconds(5)).propose(new byte[1]).get());
        assertEquals(List.of("n1/1/1"), sent);
    }

    @Test
    void followsTheHintAndKeepsItsSequence() throws Exception {
        answers.add(failed(new NotLeaderException(Optional.of(THIRD))));
        answers.add(failed(new OutcomeUnknownException("connection broke")));
        answers.add(done());
        assertEquals(DONE, client(Duration.ofSeconds(5)).propose(new byte[1]).get());
        assertEquals(List.of("n2/1/1", "n3/1/1", "n2/1/1"), sent);
    }

    @Test
    void saysUnavailableWhenNothingCanHaveHappened() {
        Throwable failure = failureOf(client(Duration.ofMillis(60)));
        assertInstanceOf(UnavailableException.class, failure);
        assertTrue(sent.size() > 1, sent.toString());
    }

    @Test
    void saysOutcomeUnknownWhenAnAttemptMayHaveHappened() {
        answers.add(failed(new OutcomeUnknownException("connection broke")));
        assertInstanceOf(OutcomeUnknownException.class, failureOf(client(Duration.ofMillis(60))));
    }

    @Test
    void doesNotRepeatWhatHasNoSession() {
        answers.add(failed(new OutcomeUnknownException("connection broke")));
        LedgerClient client = client(Duration.ofSeconds(5));
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> client.proposeOnce(SessionId.NONE, new byte[1]).get());
        assertInstanceOf(OutcomeUnknownException.class, failure.getCause());
        assertEquals(1, sent.size());
    }

    @Test
    void opensANewSessionWhenTheLedgerForgotTheOld() throws Exception {
        answers.add(failed(new SessionExpiredException(new SessionId(1, 1))));
        answers.add(done());
        assertEquals(DONE, client(Duration.ofSeconds(5)).propose(new byte[1]).get(5, TimeUnit.SECONDS));
        assertEquals(2, sent.size());
        assertTrue(sent.get(1).endsWith("/1"), sent.toString());
    }

    @Test
    void anExpiredSessionAfterAnUnknownOutcomeStaysUnknown() {
        answers.add(failed(new OutcomeUnknownException("connection broke")));
        answers.add(failed(new SessionExpiredException(new SessionId(1, 1))));
        assertInstanceOf(OutcomeUnknownException.class, failureOf(client(Duration.ofSeconds(5))));
        assertEquals(2, sent.size());
    }

    private static Throwable failureOf(LedgerClient client) {
        return assertThrows(ExecutionException.class, () -> client.propose(new byte[1]).get()).getCause();
    }
}
