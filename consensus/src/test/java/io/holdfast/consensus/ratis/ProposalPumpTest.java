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
    private final ProposalPump pump = new ProposalPump(
            new LedgerConfig.Batching(FULL, 1 << 20, 2, 16, 1 << 20),
            InstantSource.fixed(Instant.EPOCH),
            5,
            (batch, _) -> {
                sent.add(batch);
                answers.add(new CompletableFuture<>());
                return answers.getLast();
            });

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

    private List<Integer> sizes() {
        return sent.stream().map(Batch::size).toList();
    }
}
