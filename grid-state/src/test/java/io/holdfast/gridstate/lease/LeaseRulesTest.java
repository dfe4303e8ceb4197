package io.holdfast.gridstate.lease;

import static io.holdfast.gridstate.lease.LeaseCatalogs.LEASES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaseRulesTest {
    private static final long TTL = 5_000;

    private final GridHarness grid = new GridHarness();

    @Test
    void oneHoldsUntilItExpires() {
        FencingToken first = acquire("n1");
        assertEquals(RefusalCode.HELD, grid.refuse(new LeaseCommand.Acquire("volume/db", "n2", TTL)));
        grid.elapse(TTL);
        FencingToken second = acquire("n2");
        assertTrue(second.isAfter(first));
        assertEquals(
                RefusalCode.FENCED, grid.refuse(new LeaseCommand.Renew("volume/db", "n1", first, TTL)));
    }

    @Test
    void renewingKeepsTheTokenAndMovesTheEnd() {
        FencingToken token = acquire("n1");
        grid.elapse(TTL - 1);
        grid.accept(new LeaseCommand.Renew("volume/db", "n1", token, TTL));
        LeaseEntry entry = grid.get(LEASES, "volume/db");
        assertEquals(new LeaseEntry("n1", token, grid.timeMillis() + TTL), entry);
        grid.elapse(TTL);
        assertEquals(
                RefusalCode.EXPIRED, grid.refuse(new LeaseCommand.Renew("volume/db", "n1", token, TTL)));
    }

    @Test
    void takingItsOwnAgainGivesANewToken() {
        FencingToken first = acquire("n1");
        FencingToken second = acquire("n1");
        assertTrue(second.isAfter(first));
        assertEquals(
                RefusalCode.FENCED, grid.refuse(new LeaseCommand.Renew("volume/db", "n1", first, TTL)));
    }

    @Test
    void seizingFencesTheHolder() {
        FencingToken first = acquire("n1");
        FencingToken second = token(grid.accept(new LeaseCommand.Seize("volume/db", "n2", TTL)));
        assertTrue(second.isAfter(first));
        assertEquals("n2", grid.get(LEASES, "volume/db").holder());
    }

    @Test
    void releasingFreesIt() {
        FencingToken token = acquire("n1");
        grid.accept(new LeaseCommand.Release("volume/db", "n1", new FencingToken(token.value() - 1)));
        assertTrue(grid.find(LEASES, "volume/db").isPresent());
        grid.accept(new LeaseCommand.Release("volume/db", "n1", token));
        assertTrue(grid.find(LEASES, "volume/db").isEmpty());
        grid.accept(new LeaseCommand.Release("volume/db", "n1", token));
    }

    @Test
    void tokensGrowEvenWithinAnEntryAndAcrossRelease() {
        List<GridReply> replies = grid.applyEntry(List.of(
                envelope(new LeaseCommand.Acquire("x", "n1", TTL)),
                envelope(new LeaseCommand.Seize("x", "n2", TTL))));
        FencingToken first = token(replies.get(0));
        FencingToken second = token(replies.get(1));
        assertTrue(second.isAfter(first));
        grid.accept(new LeaseCommand.Release("x", "n2", second));
        FencingToken third = token(grid.accept(new LeaseCommand.Acquire("x", "n3", TTL)));
        assertTrue(third.isAfter(second));
    }

    @Test
    void recordsOfExpiredLeasesGo() {
        for (int i = 0; i < 10; i++) {
            grid.accept(new LeaseCommand.Acquire("lease-" + i, "n1", TTL));
        }
        grid.elapse(TTL + LeaseRules.EXPIRED_KEPT_MILLIS);
        for (int i = 0; i < 5; i++) {
            grid.accept(new LeaseCommand.Acquire("other-" + i, "n1", TTL));
        }
        for (int i = 0; i < 10; i++) {
            assertTrue(grid.find(LEASES, "lease-" + i).isEmpty());
        }
    }

    private FencingToken acquire(String holder) {
        return token(grid.accept(new LeaseCommand.Acquire("volume/db", holder, TTL)));
    }

    private static FencingToken token(GridReply reply) {
        GridReply.Accepted accepted = assertInstanceOf(GridReply.Accepted.class, reply);
        return assertInstanceOf(GridReply.Result.Granted.class, accepted.result()).token();
    }

    private static CommandEnvelope envelope(GridCommand command) {
        return new CommandEnvelope(GridHarness.NODE, "", command);
    }
}
