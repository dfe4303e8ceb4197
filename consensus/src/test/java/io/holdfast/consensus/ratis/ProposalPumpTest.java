package io.holdfast.consensus.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.UnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProposalPumpTest {
    private static final int FULL = 4;

    private final List<Batch> sent = new ArrayList<>();
    private final List<CompletableFuture<@Nullable ConsensusException>> answers = new ArrayList<>();
    private final Pauses pauses = new Pauses();
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
        var _ = offer(2);
        assertEquals(List.of(1), sizes());
        pauses.nanos += 1_000_000;
        answers.getFirst().complete(null);
        var _ = offer(1);
        assertEquals(List.of(1, 3), sizes());
    }

    @Test
    void whoWasAnsweredIsWaitedForAFractionOfTheTimeThatItTook() {
        var _ = offer(1);
        var _ = offer(2);
        pauses.nanos += 2_000_000;
        answers.getFirst().complete(null);
        assertEquals(List.of(1), sizes(), "one was answered and two wait: three are expected");
        pauses.pass(499_999);
        assertEquals(List.of(1), sizes());
        pauses.pass(1);
        assertEquals(List.of(1, 2), sizes());
    }

    @Test
    void nobodyIsWaitedForLong() {
        var _ = offer(1);
        var _ = offer(2);
        pauses.nanos += 2_000_000_000;
        answers.getFirst().complete(null);
        pauses.pass(1_000_000);
        assertEquals(List.of(1, 2), sizes());
    }

    @Test
    void callersThatComeAgainShareOneEntryEachTime() {
        var _ = offer(1);
        var _ = offer(2);
        for (int round = 0; round < 5; round++) {
            pauses.nanos += 1_000_000;
            answers.getLast().complete(null);
            for (int caller = 0; caller < 3 && sent.size() < round + 2; caller++) {
                var _ = offer(1);
            }
        }
        assertEquals(List.of(1, 3, 3, 3, 3, 3), sizes());
    }

    @Test
    void aLoneCallerIsNeverHeldBack() {
        for (int round = 1; round <= 5; round++) {
            var _ = offer(1);
            assertEquals(round, sizes().size());
            pauses.nanos += 1_000_000;
            answers.getLast().complete(null);
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
        pauses.pass(1_000_000);
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

    private List<Integer> sizes() {
        return sent.stream().map(Batch::size).toList();
    }

    /// Time that a test lets pass.
    private static final class Pauses implements ProposalPump.Pauses {
        private final List<Runnable> waiting = new ArrayList<>();
        private final List<Long> due = new ArrayList<>();
        private long nanos = Long.MAX_VALUE - 1_000_000;
        private int begun;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void after(long time, Runnable task) {
            begun++;
            waiting.add(task);
            due.add(nanos + time);
        }

        void pass(long time) {
            nanos += time;
            for (int i = waiting.size() - 1; i >= 0; i--) {
                if (due.get(i) - nanos <= 0) {
                    due.remove(i);
                    waiting.remove(i).run();
                }
            }
        }
    }
}
