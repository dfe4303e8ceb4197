package io.holdfast.consensus.apply;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.apply.SessionChunk.Result;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.consensus.store.LedgerKeyspaces;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The remembered sessions, in memory and stored. Confined to the apply thread.
///
/// The order of the map is the order of last use, which is the same on every peer and after every restart:
/// it decides which session is forgotten first.
final class SessionTable {
    private final ApplyLimits limits;
    private final Map<SessionId, Session> byId = new LinkedHashMap<>();
    private final Map<SessionId, Session> touched = new LinkedHashMap<>();
    private final Map<SessionId, Integer> touchedOrdinals = new LinkedHashMap<>();
    private long resultBytes;

    private SessionTable(ApplyLimits limits) {
        this.limits = limits;
    }

    static SessionTable load(StateReader store, ApplyLimits limits) {
        SessionTable table = new SessionTable(limits);
        List<SessionChunk> newest = new ArrayList<>();
        byte[] empty = new byte[0];
        store.scan(LedgerKeyspaces.SESSIONS, empty, empty, (key, value) -> {
            SessionChunk chunk = SessionChunk.decode(key, value);
            if (!newest.isEmpty() && newest.getLast().session().equals(chunk.session())) {
                newest.removeLast();
            }
            newest.add(chunk);
            table.loadChunk(chunk);
            return true;
        });
        newest.sort(
                Comparator.comparingLong(SessionChunk::index).thenComparingInt(SessionChunk::lastOrdinal));
        newest.forEach(table::finishLoading);
        return table;
    }

    private void loadChunk(SessionChunk chunk) {
        Session session = byId.computeIfAbsent(chunk.session(), Session::new);
        LogIndex index = new LogIndex(chunk.index());
        long sequenceMax = 0;
        for (Result result : chunk.results()) {
            session.remember(result.sequence(), new Committed(index, result.ordinal(), result.reply()));
            sequenceMax = Math.max(sequenceMax, result.sequence());
        }
        session.chunks.add(new Session.StoredChunk(chunk.index(), sequenceMax));
    }

    /// Puts the session at its place in the order of last use; called in that order.
    private void finishLoading(SessionChunk newest) {
        Session session = byId.remove(newest.session());
        if (session == null) {
            throw new IllegalStateException("a loaded session is there: session=" + newest.session());
        }
        session.acknowledge(newest.acknowledged());
        session.touchedMillis = newest.timeMillis();
        resultBytes += session.resultBytes;
        byId.put(session.id, session);
    }

    /// Looks a command up and marks its session as used. Empty means that it is new and shall be applied,
    /// then [#remember]ed.
    Optional<Outcome> find(Proposal proposal, int ordinal, long timeMillis) {
        SessionId id = proposal.session();
        if (id.equals(SessionId.NONE)) {
            return Optional.empty();
        }
        Session session = byId.remove(id);
        if (session == null) {
            if (proposal.acknowledged() > 0) {
                return Optional.of(new Outcome.Expired(id));
            }
            session = new Session(id);
        }
        byId.put(id, session);
        session.touchedMillis = timeMillis;
        touched.put(id, session);
        touchedOrdinals.put(id, ordinal);
        long before = session.resultBytes;
        session.acknowledge(proposal.acknowledged());
        resultBytes += session.resultBytes - before;
        if (proposal.sequence() <= session.acknowledged) {
            return Optional.of(new Outcome.Forgotten(id, proposal.sequence()));
        }
        Committed earlier = session.result(proposal.sequence());
        return earlier == null ? Optional.empty() : Optional.of(new Outcome.Applied(earlier));
    }

    void remember(Proposal proposal, Committed committed) {
        Session session = touched.get(proposal.session());
        if (session == null) {
            return;
        }
        long before = session.resultBytes;
        session.remember(proposal.sequence(), committed);
        resultBytes += session.resultBytes - before;
        session.fresh.add(new Result(proposal.sequence(), committed.ordinal(), committed.reply()));
    }

    /// Forgets what is idle for too long or too much; called at the beginning of each entry.
    void expire(StateTransaction transaction, long timeMillis) {
        Iterator<Session> eldest = byId.values().iterator();
        while (eldest.hasNext()) {
            Session session = eldest.next();
            boolean idle = timeMillis - session.touchedMillis > limits.sessionIdleMillis();
            boolean tooMuch = byId.size() > limits.sessionsMax()
                    || resultBytes > limits.sessionResultBytesMax();
            if (!idle && !tooMuch) {
                return;
            }
            eldest.remove();
            resultBytes -= session.resultBytes;
            for (Session.StoredChunk chunk : session.chunks) {
                transaction.delete(LedgerKeyspaces.SESSIONS, SessionChunk.key(session.id, chunk.index()));
            }
        }
    }

    /// Stores what the entry changed: one chunk per touched session, minus chunks nobody will ask for.
    void store(StateTransaction transaction, long index) {
        for (Session session : touched.values()) {
            storeChunk(transaction, session, index);
        }
        touched.clear();
        touchedOrdinals.clear();
    }

    private void storeChunk(StateTransaction transaction, Session session, long index) {
        int lastOrdinal = touchedOrdinals.getOrDefault(session.id, 0);
        List<Result> fresh = session.fresh.stream()
                .filter(result -> result.sequence() > session.acknowledged)
                .toList();
        session.fresh.clear();
        SessionChunk chunk = new SessionChunk(
                session.id, index, session.acknowledged, session.touchedMillis, lastOrdinal, fresh);
        transaction.put(LedgerKeyspaces.SESSIONS, SessionChunk.key(session.id, index), chunk.encode());
        Iterator<Session.StoredChunk> older = session.chunks.iterator();
        while (older.hasNext()) {
            Session.StoredChunk stored = older.next();
            if (stored.sequenceMax() <= session.acknowledged) {
                older.remove();
                transaction.delete(LedgerKeyspaces.SESSIONS, SessionChunk.key(session.id, stored.index()));
            }
        }
        long sequenceMax = fresh.stream().mapToLong(Result::sequence).max().orElse(0);
        session.chunks.add(new Session.StoredChunk(index, sequenceMax));
    }

    int size() {
        return byId.size();
    }
}
