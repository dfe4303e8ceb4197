package io.holdfast.consensus.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.history.HistoryRetention;
import io.holdfast.consensus.store.LedgerKeyspaces;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.testing.InMemoryStateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SessionTableTest {
    private static final ApplyLimits LIMITS =
            new ApplyLimits(1_000, 4, 1_500, new HistoryRetention(10, 10_000));

    private final InMemoryStateStore store = new InMemoryStateStore(List.of());
    private SessionTable table = SessionTable.load(store, LIMITS);
    private long index;

    @Test
    void forgetsTheSessionUnusedForLongestWhenThereAreTooMany() {
        for (long id = 1; id <= 5; id++) {
            apply(0, proposal(id, 1, 0));
        }
        apply(0, proposal(1, 2, 0));
        apply(0, proposal(6, 1, 0));
        apply(0, proposal(7, 1, 0));
        assertTrue(table.size() <= 5);
        assertInstanceOf(Outcome.Expired.class, apply(0, proposal(2, 2, 1)).getFirst());
        assertInstanceOf(Outcome.Applied.class, apply(0, proposal(7, 1, 0)).getFirst());
    }

    @Test
    void forgetsResultsThatWeighTooMuch() {
        apply(0, proposal(1, 1, 0));
        for (long sequence = 1; sequence <= 15; sequence++) {
            apply(0, proposal(2, sequence, 0));
        }
        assertInstanceOf(Outcome.Expired.class, apply(0, proposal(1, 2, 1)).getFirst());
    }

    @Test
    void storesOneRecordPerSessionAndEntry() {
        apply(0, proposal(1, 1, 0), proposal(1, 2, 0), proposal(1, 3, 0), proposal(2, 1, 0));
        assertEquals(2, storedRecords());
        apply(0, proposal(1, 4, 0));
        assertEquals(3, storedRecords());
        apply(0, proposal(1, 5, 4));
        assertEquals(2, storedRecords());
    }

    @Test
    void dropsTheRecordsOfAForgottenSession() {
        apply(0, proposal(1, 1, 0));
        apply(0, proposal(1, 2, 0));
        apply(5_000, proposal(2, 1, 0));
        assertEquals(1, storedRecords());
        assertEquals(1, table.size());
    }

    /// A table that was loaded again decides like one that was never closed.
    @Test
    void decidesTheSameAfterARestart() {
        long seed = 20_260_106L;
        Random random = new Random(seed);
        InMemoryStateStore otherStore = new InMemoryStateStore(List.of());
        SessionTable steady = SessionTable.load(otherStore, LIMITS);
        long time = 0;
        for (int step = 0; step < 3_000; step++) {
            time += random.nextInt(60);
            Proposal[] entry = new Proposal[1 + random.nextInt(4)];
            for (int i = 0; i < entry.length; i++) {
                long sequence = 1L + random.nextInt(12) + step / 100;
                long acknowledged = Math.max(0, sequence - 1 - random.nextInt(8));
                entry[i] = proposal(1 + random.nextInt(7), sequence, acknowledged);
            }
            List<String> expected = describe(apply(otherStore, steady, time, index + 1, entry));
            List<String> actual = describe(apply(time, entry));
            assertEquals(expected, actual, "seed=" + seed + " step=" + step);
            if (random.nextInt(10) == 0) {
                table = SessionTable.load(store, LIMITS);
            }
        }
    }

    private List<Outcome> apply(long time, Proposal... proposals) {
        index++;
        return apply(store, table, time, index, proposals);
    }

    private static List<Outcome> apply(
            InMemoryStateStore store, SessionTable table, long time, long index, Proposal... proposals) {
        LedgerTransaction transaction = store.begin();
        table.expire(transaction, time);
        List<Outcome> outcomes = new ArrayList<>();
        for (Proposal proposal : proposals) {
            Optional<Outcome> known = table.find(proposal, outcomes.size(), time);
            if (known.isPresent()) {
                outcomes.add(known.get());
            } else {
                Committed committed = new Committed(new LogIndex(index), outcomes.size(), new byte[10]);
                table.remember(proposal, committed);
                outcomes.add(new Outcome.Applied(committed));
            }
        }
        table.store(transaction, index);
        transaction.commit(new Position(new LogIndex(index), new Term(1)));
        return outcomes;
    }

    private static List<String> describe(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> outcome instanceof Outcome.Applied(Committed committed)
                        ? "applied " + committed.index() + "." + committed.ordinal()
                        : outcome.toString())
                .toList();
    }

    private long storedRecords() {
        long[] count = {0};
        store.scan(LedgerKeyspaces.SESSIONS, new byte[0], new byte[0], (_, _) -> {
            count[0]++;
            return true;
        });
        return count[0];
    }

    private static Proposal proposal(long session, long sequence, long acknowledged) {
        return new Proposal(new SessionId(0, session), sequence, acknowledged, new byte[] {1});
    }
}
