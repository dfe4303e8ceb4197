package io.holdfast.consensus.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.apply.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProposalPumpTest {
    private static final int FULL = 4;

    private final List<Batch> sent = new ArrayList<>();
    private final List<CompletableFuture<@Nullable ConsensusException>> answers = new ArrayList<>();
    private final TestPauses pauses = new TestPauses();
    private final ProposalPump pump = new ProposalPump(
            new LedgerConfig.Batching(FULL, 1 << 20, 2, 16, 1 << 20),
            InstantSource.fixed(Instant.EPOCH),
            5,
            (batch, _) -> {
                sent.add(batch);
                answers.add(new CompletableFuture<>());
                return answers.getLast();
            },
            pauses);

    @Test
    void aLoneProposalIsSentAtOnce() {
        var _ = offer(1);
        assertEquals(List.of(1), sizes());
    }

    @Test
    void whatComesMeanwhileSharesTheNextEntry() {
        var _ = offer(1);
        var _ = offer(3);
        assertEquals(List.of(1), sizes());
        answers.getFirst().complete(null);
        assertEquals(List.of(1, 3), sizes());
    }

    @Test
    void callersThatComeAgainShareOneEntryEachTime() {
        var _ = offer(1);
        var _ = offer(2);
        for (int round = 0; round < 5; round++) {
            pauses.pass(1_000_000);
            int answered = succeedLast();
            var _ = offer(answered);
        }
        assertEquals(List.of(1, 3, 3, 3, 3, 3), sizes());
    }

    @Test
    void whoWasAnsweredIsWaitedForAsLongAsTheEntryBeforeTook() {
        var _ = offer(1);
        var _ = offer(2);
        pauses.pass(600_000);
        succeedLast();
        assertEquals(List.of(1), sizes(), "one was answered and two wait: three are expected");
        pauses.pass(599_999);
        assertEquals(List.of(1), sizes());
        pauses.pass(1);
        assertEquals(List.of(1, 2), sizes());
    }

    @Test
    void whoDoesNotComeIsWaitedForHalfAsLongTheNextTime() {
        for (int share : List.of(1, 2, 4, 8, 16, 16)) {
            var _ = offer(1);
            var _ = offer(2);
            pauses.pass(1_600_000);
            succeedLast();
            int before = sent.size();
            pauses.pass(1_600_000 / share - 1);
            assertEquals(before, sent.size());
            pauses.pass(1);
            assertEquals(before + 1, sent.size());
            answers.getLast().complete(null);
        }
    }

    @Test
    void nobodyIsWaitedForLong() {
        var _ = offer(1);
        var _ = offer(2);
        pauses.pass(2_000_000_000);
        succeedLast();
        pauses.pass(2_000_000);
        assertEquals(List.of(1, 2), sizes());
    }

    @Test
    void aLoneCallerIsNeverHeldBack() {
        for (int round = 1; round <= 5; round++) {
            var _ = offer(1);
            assertEquals(round, sizes().size());
            pauses.pass(1_000_000);
            succeedLast();
        }
        assertEquals(0, pauses.begun);
    }

    @Test
    void aFullEntryDoesNotWaitForTheOneBefore() {
        var _ = offer(1);
        var _ = offer(FULL);
        assertEquals(List.of(1, FULL), sizes());
        var _ = offer(FULL);
        assertEquals(List.of(1, FULL), sizes(), "two are outstanding, no more are allowed");
        answers.getFirst().complete(null);
        assertEquals(List.of(1, FULL, FULL), sizes());
    }

    @Test
    void anEntryWithoutAnAnswerMakesRoomWhenItsTimeIsOver() {
        CompletableFuture<Committed> first = offer(1);
        var _ = offer(1);
        for (int tick = 0; tick <= 5; tick++) {
            pump.tick();
        }
        assertEquals(UnavailableException.class, first.exceptionNow().getClass());
        assertEquals(List.of(1, 1), sizes());
    }

    private CompletableFuture<Committed> offer(int count) {
        CompletableFuture<Committed> last = new CompletableFuture<>();
        for (int i = 0; i < count; i++) {
            last = pump.offer(Proposal.sessionless(new byte[] {1}));
        }
        return last;
    }

    /// Answers the newest entry as the log does: first those who proposed, then the request.
    private int succeedLast() {
        Batch batch = sent.getLast();
        CompletableFuture<?> answer = answers.getLast();
        Outcome applied = new Outcome.Applied(new Committed(new LogIndex(sent.size()), 0, new byte[0]));
        batch.succeed(Collections.nCopies(batch.size(), applied));
        answer.complete(null);
        return batch.size();
    }

    private List<Integer> sizes() {
        return sent.stream().map(Batch::size).toList();
    }

    /// Time that a test lets pass.
    private static final class TestPauses implements ProposalPump.Pauses {
        private final NavigableMap<Long, Runnable> due = new TreeMap<>();
        private long nanos = 1;
        private int begun;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void after(long time, Runnable task) {
            begun++;
            due.put(nanos + time, task);
        }

        void pass(long time) {
            nanos += time;
            while (!due.isEmpty() && due.firstKey() <= nanos) {
                due.pollFirstEntry().getValue().run();
            }
        }
    }
}
