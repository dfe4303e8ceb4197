package io.holdfast.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.rule.GridReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HostLeaseTest {
    private static final FencingToken TOKEN = new FencingToken(7);

    private final Ledger ledger = new Ledger();
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
    private final HostLease lease = new HostLease(ledger, "node-1", () -> nanos, Runnable::run);

    @Test
    void anIdleNodeAsksSeldomAndForLong() {
        lease.step(false);
        assertEquals(Optional.of(TOKEN), lease.token());
        passing(Duration.ofSeconds(80), false);
        assertEquals(11, ledger.timesMillis.size());
        assertTrue(ledger.timesMillis.stream().allMatch(millis -> millis == 30_000), "idle for 30 s each");
        assertEquals(Optional.of(TOKEN), lease.token());
    }

    @Test
    void aNodeWithASlotAsksAtOnceForTheShortTime() {
        lease.step(false);
        nanos += Duration.ofMillis(250).toNanos();
        lease.step(true);
        assertEquals(List.of(30_000L, 6_000L), ledger.timesMillis);
        passing(Duration.ofSeconds(6), true);
        assertEquals(6, ledger.timesMillis.size());
        nanos += Duration.ofMillis(4_400).toNanos();
        assertEquals(Optional.of(TOKEN), lease.token());
        nanos += Duration.ofMillis(200).toNanos();
        assertEquals(Optional.empty(), lease.token());
    }

    /// The ledger may have taken the question although no answer came: then others see the short time.
    @Test
    void theShortTimeCountsFromTheQuestionThoughNobodyAnswers() {
        lease.step(false);
        ledger.isSilent = true;
        lease.step(true);
        nanos += Duration.ofMillis(4_400).toNanos();
        assertEquals(Optional.of(TOKEN), lease.token());
        nanos += Duration.ofMillis(200).toNanos();
        assertEquals(Optional.empty(), lease.token());
    }

    @Test
    void aQuestionWithoutAnswerProlongsNothing() {
        lease.step(true);
        ledger.isSilent = true;
        passing(Duration.ofSeconds(4), true);
        assertEquals(Optional.of(TOKEN), lease.token());
        passing(Duration.ofSeconds(1), true);
        assertEquals(Optional.empty(), lease.token());
        ledger.isSilent = false;
        passing(Duration.ofSeconds(2), true);
        assertEquals(Optional.of(TOKEN), lease.token());
    }

    private void passing(Duration time, boolean isBusy) {
        for (long step = 0; step < time.toMillis(); step += 250) {
            nanos += Duration.ofMillis(250).toNanos();
            lease.step(isBusy);
        }
    }

    private static final class Ledger implements AppLedger {
        private final List<Long> timesMillis = new ArrayList<>();
        private boolean isSilent;

        @Override
        public CatalogReader reader() {
            throw new UnsupportedOperationException("a lease is not read");
        }

        @Override
        public GridReply propose(GridCommand command) {
            timesMillis.add(switch (command) {
                case LeaseCommand.Acquire acquire -> acquire.ttlMillis();
                case LeaseCommand.Renew renew -> renew.ttlMillis();
                default -> throw new AssertionError(command);
            });
            if (isSilent) {
                throw new UnavailableException("no answer", null);
            }
            return new GridReply.Accepted(1, new GridReply.Result.Granted(TOKEN, 0));
        }

        @Override
        public boolean catchUp(Duration patience) {
            return true;
        }

        @Override
        public long appliedIndex() {
            return 0;
        }

        @Override
        public void awaitBeyond(long index, Duration patience) {
            throw new UnsupportedOperationException("a lease does not wait");
        }
    }
}
