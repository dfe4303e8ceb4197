package io.holdfast.gridstate.testing;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.Membership;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.testing.InMemoryStateStore;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.change.ChangeLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A ledger of several peers that a test writes records into directly, without commands. One peer leads;
/// peers that are cut off hold no lease and miss entries until they are healed, then catch up. Guarded by its
/// own monitor.
public final class TestLedger {
    private static final GroupId GROUP = new GroupId("test");

    private final RecordCodec codec;
    private final ChangeLog changeLog;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private Term term = new Term(1);
    private int leader;

    public TestLedger(
            int peerCount, List<Catalog<?, ?>> catalogs, RecordCodec codec, ChangeLog.Bounds bounds) {
        this.codec = codec;
        this.changeLog = new ChangeLog(bounds);
        List<Keyspace> keyspaces = new ArrayList<>(ChangeLog.keyspaces());
        catalogs.forEach(catalog -> keyspaces.add(catalog.keyspace()));
        for (int i = 0; i < peerCount; i++) {
            peers.add(new Peer(i, new InMemoryStateStore(keyspaces)));
        }
    }

    /// One record written (a value) or removed (null).
    public record Write<K, R>(Catalog<K, R> catalog, K key, @Nullable R value) {}

    private record Entry(Term term, List<? extends Write<?, ?>> writes) {}

    public Peer peer(int number) {
        return peers.get(number);
    }

    public synchronized int leader() {
        return leader;
    }

    public synchronized LogIndex committed() {
        return new LogIndex(entries.size());
    }

    /// Commits one entry with these writes and applies it wherever it arrives.
    public LogIndex write(List<? extends Write<?, ?>> writes) {
        LogIndex index;
        synchronized (this) {
            entries.add(new Entry(term, List.copyOf(writes)));
            index = new LogIndex(entries.size());
            peers.stream().filter(peer -> !peer.isCut).forEach(Peer::catchUp);
        }
        peers.stream().filter(peer -> !peer.isCut).forEach(peer -> peer.tellApplied(index));
        return index;
    }

    public <K, R> LogIndex put(Catalog<K, R> catalog, K key, R value) {
        return write(List.of(new Write<>(catalog, key, value)));
    }

    public <K, R> LogIndex remove(Catalog<K, R> catalog, K key) {
        return write(List.of(new Write<K, R>(catalog, key, null)));
    }

    /// Another peer leads from now on, in a new term.
    public void lead(int number) {
        synchronized (this) {
            term = term.next();
            leader = number;
        }
        peers.forEach(Peer::tellLeadership);
    }

    /// The peer loses touch with the others. A leader that is cut off loses its lease; another must be made.
    public synchronized void cut(int number) {
        peers.get(number).isCut = true;
    }

    /// Everybody is reachable again and catches up.
    public void heal() {
        LogIndex index;
        synchronized (this) {
            peers.forEach(peer -> peer.isCut = false);
            peers.forEach(Peer::catchUp);
            index = new LogIndex(entries.size());
        }
        peers.forEach(peer -> peer.tellApplied(index));
    }

    private <K, R> void apply(
            Write<K, R> write, LogIndex index, LedgerTransaction transaction, List<ChangeLog.Draft> drafts) {
        Catalog<K, R> catalog = write.catalog();
        byte[] key = catalog.keyForm().encode(write.key());
        R value = write.value();
        byte[] stored = value == null ? null : catalog.encode(value, index.value(), codec);
        if (stored == null) {
            transaction.delete(catalog.keyspace(), key);
        } else {
            transaction.put(catalog.keyspace(), key, stored);
        }
        drafts.add(new ChangeLog.Draft(catalog.name(), key, stored));
    }

    /// One peer's view.
    public final class Peer implements ReplicatedLog {
        private final int number;
        private final InMemoryStateStore store;
        private final List<Consumer<LogIndex>> appliedListeners = new CopyOnWriteArrayList<>();
        private final List<Consumer<Leadership>> leadershipListeners = new CopyOnWriteArrayList<>();
        private volatile boolean isCut;

        private Peer(int number, InMemoryStateStore store) {
            this.number = number;
            this.store = store;
        }

        public void onApplied(Consumer<LogIndex> listener) {
            appliedListeners.add(listener);
        }

        private void catchUp() {
            while (store.appliedIndex().value() < entries.size()) {
                LogIndex index = store.appliedIndex().next();
                Entry entry = entries.get((int) index.value() - 1);
                LedgerTransaction transaction = store.begin();
                List<ChangeLog.Draft> drafts = new ArrayList<>();
                entry.writes().forEach(write -> apply(write, index, transaction, drafts));
                changeLog.append(new CommandContext(index, 0, 0), drafts, transaction);
                transaction.commit(new Position(index, entry.term()));
            }
        }

        private void tellApplied(LogIndex index) {
            appliedListeners.forEach(listener -> listener.accept(index));
        }

        private void tellLeadership() {
            Leadership now = leadership();
            leadershipListeners.forEach(listener -> listener.accept(now));
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public GroupId group() {
            return GROUP;
        }

        @Override
        public CompletableFuture<Committed> propose(Proposal proposal) {
            throw new UnsupportedOperationException("a test writes through the ledger itself");
        }

        @Override
        public CompletableFuture<LogIndex> readBarrier() {
            synchronized (TestLedger.this) {
                return isCut
                        ? CompletableFuture.failedFuture(new UnavailableException("no leader is known"))
                        : CompletableFuture.completedFuture(store.appliedIndex());
            }
        }

        @Override
        public CompletableFuture<LogIndex> awaitApplied(LogIndex index) {
            CompletableFuture<LogIndex> reached = new CompletableFuture<>();
            onApplied(applied -> {
                if (applied.compareTo(index) >= 0) {
                    reached.complete(applied);
                }
            });
            LogIndex applied = store.appliedIndex();
            if (applied.compareTo(index) >= 0) {
                reached.complete(applied);
            }
            return reached;
        }

        @Override
        public LogIndex appliedIndex() {
            return store.appliedIndex();
        }

        @Override
        public Leadership leadership() {
            synchronized (TestLedger.this) {
                Leadership.Role role = leader == number ? Leadership.Role.LEADER : Leadership.Role.VOTER;
                return new Leadership(term, Optional.of(peerId(leader)), peerId(number), role);
            }
        }

        @Override
        public boolean holdsLeaderLease() {
            synchronized (TestLedger.this) {
                return leader == number && !isCut;
            }
        }

        @Override
        public void onLeadership(Consumer<Leadership> listener) {
            leadershipListeners.add(listener);
        }

        @Override
        public StateStore store() {
            return store;
        }

        @Override
        public Membership membership() {
            throw new UnsupportedOperationException("a test ledger's members do not change");
        }

        @Override
        public LedgerStatus status() {
            throw new UnsupportedOperationException("a test ledger counts nothing");
        }

        @Override
        public void close() {
            appliedListeners.clear();
            leadershipListeners.clear();
        }
    }

    private static PeerId peerId(int number) {
        return new PeerId("n" + (number + 1));
    }
}
