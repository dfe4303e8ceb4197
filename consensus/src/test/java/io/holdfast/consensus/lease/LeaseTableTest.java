package io.holdfast.consensus.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.consensus.testing.InMemoryStateStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LeaseTableTest {
    private static final Keyspace LEASES = new Keyspace("leases");
    private static final long TERM_MILLIS = 100;

    private final LeaseTable table = new LeaseTable(LEASES);
    private final StateTransaction state = new InMemoryStateStore(List.of(LEASES)).begin();

    @Test
    void isGivenToTheFirstWhoAsks() {
        Lease lease = granted(table.acquire(state, "volume/1", "n1", 1_000, TERM_MILLIS));
        assertEquals(new Lease("volume/1", "n1", new FencingToken(1), 1_100), lease);
        assertEquals(lease, table.find(state, "volume/1").orElseThrow());
        assertTrue(lease.isHeldAt(1_099));
        assertFalse(lease.isHeldAt(1_100));
    }

    @Test
    void isNotGivenToAnotherWhileItIsHeld() {
        Lease lease = granted(table.acquire(state, "a", "n1", 0, TERM_MILLIS));
        assertEquals(new LeaseResult.Held(lease), table.acquire(state, "a", "n2", 99, TERM_MILLIS));
        assertEquals(lease, table.find(state, "a").orElseThrow());
    }

    @Test
    void isGivenToAnotherWithANewerTokenOnceItExpired() {
        Lease first = granted(table.acquire(state, "a", "n1", 0, TERM_MILLIS));
        Lease second = granted(table.acquire(state, "a", "n2", 100, TERM_MILLIS));
        assertTrue(second.token().isAfter(first.token()));
        assertInstanceOf(LeaseResult.NotHolder.class, table.renew(state, first, 100, TERM_MILLIS));
        assertInstanceOf(LeaseResult.NotHolder.class, table.release(state, first));
    }

    @Test
    void fencesAHolderThatAsksAgain() {
        Lease first = granted(table.acquire(state, "a", "n1", 0, TERM_MILLIS));
        Lease again = granted(table.acquire(state, "a", "n1", 10, TERM_MILLIS));
        assertTrue(again.token().isAfter(first.token()));
        assertInstanceOf(LeaseResult.NotHolder.class, table.renew(state, first, 20, TERM_MILLIS));
    }

    @Test
    void isRenewedUnderTheSameToken() {
        Lease lease = granted(table.acquire(state, "a", "n1", 0, TERM_MILLIS));
        Lease renewed = granted(table.renew(state, lease, 50, TERM_MILLIS));
        assertEquals(lease.token(), renewed.token());
        assertEquals(150, renewed.expiresMillis());
        Lease late = granted(table.renew(state, renewed, 500, TERM_MILLIS));
        assertEquals(600, late.expiresMillis());
        assertEquals(600, granted(table.renew(state, late, 510, 1)).expiresMillis());
    }

    @Test
    void growsItsTokenAfterARelease() {
        Lease lease = granted(table.acquire(state, "a", "n1", 0, TERM_MILLIS));
        assertInstanceOf(LeaseResult.Released.class, table.release(state, lease));
        assertInstanceOf(LeaseResult.NotHolder.class, table.renew(state, lease, 1, TERM_MILLIS));
        assertTrue(granted(table.acquire(state, "a", "n2", 1, TERM_MILLIS)).token().isAfter(lease.token()));
    }

    @Test
    void isRevokedWhoeverHoldsIt() {
        Lease lease = granted(table.acquire(state, "a", "n1", 0, TERM_MILLIS));
        assertEquals(lease.token(), table.revoke(state, "a").orElseThrow().token());
        assertInstanceOf(LeaseResult.NotHolder.class, table.renew(state, lease, 1, TERM_MILLIS));
        assertTrue(table.revoke(state, "b").isEmpty());
    }

    @Test
    void listsLeasesByPrefixInPages() {
        for (String name : List.of("a/1", "a/2", "a/3", "b/1")) {
            granted(table.acquire(state, name, "n1", 0, TERM_MILLIS));
        }
        assertEquals(List.of("a/1", "a/2"), names(table.list(state, "a/", "", 2)));
        assertEquals(List.of("a/3"), names(table.list(state, "a/", "a/2", 2)));
        table.forget(state, "a/3");
        assertEquals(List.of(), names(table.list(state, "a/", "a/2", 2)));
    }

    @Test
    void refusesNamesAndTermsWithoutBounds() {
        String tooLong = "x".repeat(LeaseTable.NAME_BYTES_MAX + 1);
        assertThrows(IllegalArgumentException.class, () -> table.acquire(state, "", "n1", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> table.acquire(state, tooLong, "n1", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> table.acquire(state, "a", tooLong, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> table.acquire(state, "a", "n1", 0, 0));
    }

    /// Whatever happens in whatever order: tokens never go back, and no two holders are bound at a time.
    @Test
    void keepsItsPromisesOverRandomHistories() {
        long seed = 20_260_102L;
        Random random = new Random(seed);
        Map<String, Lease> newest = new HashMap<>();
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(40);
            String name = "lease" + random.nextInt(3);
            Lease known = newest.get(name);
            LeaseResult result = randomStep(random, name, known, now);
            if (result instanceof LeaseResult.Granted granted) {
                Lease lease = granted.lease();
                if (known != null) {
                    boolean same = lease.token().equals(known.token());
                    assertTrue(same || lease.token().isAfter(known.token()), () -> "seed=" + seed);
                    boolean takenOver = !lease.holder().equals(known.holder());
                    assertFalse(takenOver && known.isHeldAt(now), () -> "seed=" + seed);
                    assertFalse(takenOver && same, () -> "seed=" + seed);
                }
                newest.put(name, lease);
            } else if (result instanceof LeaseResult.Released released) {
                newest.put(name, released.lease());
            }
        }
    }

    private LeaseResult randomStep(Random random, String name, @Nullable Lease known, long now) {
        String holder = "n" + random.nextInt(3);
        int choice = random.nextInt(4);
        if (known == null || choice < 2) {
            return table.acquire(state, name, holder, now, TERM_MILLIS);
        }
        long tokenBack = random.nextInt(3) == 0 ? 1 : 0;
        FencingToken token = new FencingToken(known.token().value() - tokenBack);
        Lease claimed = new Lease(name, holder, token, known.expiresMillis());
        return choice == 2 ? table.renew(state, claimed, now, TERM_MILLIS) : table.release(state, claimed);
    }

    private static List<String> names(List<Lease> leases) {
        return leases.stream().map(Lease::name).toList();
    }

    private static Lease granted(LeaseResult result) {
        return assertInstanceOf(LeaseResult.Granted.class, result).lease();
    }
}
