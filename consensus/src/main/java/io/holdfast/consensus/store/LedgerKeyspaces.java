package io.holdfast.consensus.store;

import io.holdfast.consensus.statemachine.Keyspace;
import java.util.List;

/// The keyspaces that belong to the ledger itself.
public final class LedgerKeyspaces {
    /// Single values: the applied position, the head of the history.
    public static final Keyspace META = new Keyspace("ledger-meta");

    /// What is remembered of sessions.
    public static final Keyspace SESSIONS = new Keyspace("ledger-sessions");

    /// The hash-chained entries.
    public static final Keyspace HISTORY = new Keyspace("ledger-history");

    public static final List<Keyspace> ALL = List.of(META, SESSIONS, HISTORY);

    private LedgerKeyspaces() {}

    /// Refuses a state machine's keyspaces that would collide with the ledger's or with each other.
    public static void requireForeign(List<Keyspace> keyspaces) {
        for (Keyspace keyspace : keyspaces) {
            if (keyspace.name().startsWith("ledger-")) {
                throw new IllegalArgumentException(
                        "names beginning with ledger- belong to the ledger: keyspace=" + keyspace.name());
            }
        }
        if (keyspaces.stream().distinct().count() != keyspaces.size()) {
            throw new IllegalArgumentException("a keyspace is listed twice: keyspaces=" + keyspaces);
        }
    }
}
