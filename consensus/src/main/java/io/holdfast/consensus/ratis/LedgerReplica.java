package io.holdfast.consensus.ratis;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.apply.ApplyLimits;
import io.holdfast.consensus.apply.EntryApplier;
import io.holdfast.consensus.apply.Outcome;
import io.holdfast.consensus.rocksdb.RocksStateStore;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.store.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One group's state on this peer, driven by Ratis. Applying, snapshots and replacement are confined to
/// Ratis's updater thread of the group.
///
/// Its life cycle follows what Ratis asks, because an installed snapshot is refused, and the group dead,
/// unless the machine says that it is paused.
final class LedgerReplica extends BaseStateMachine {
    private static final Logger LOGGER = LoggerFactory.getLogger(LedgerReplica.class);
    private static final CompletableFuture<Message> DONE = CompletableFuture.completedFuture(Message.EMPTY);

    private static final ClientId SNAPSHOT_CLIENT = ClientId.randomId();
    private static final long SNAPSHOT_MILLIS_MAX = 60_000;

    private final LedgerStateMachine machine;
    private final ApplyLimits limits;
    private final long snapshotBytes;
    private final StoreOpener opener;
    private final Time time;
    private final AppliedWaits waits;
    private final Listener listener;
    private final CheckpointStorage snapshots = new CheckpointStorage();

    /// Batches between their submission and their answer, by the call number of their request.
    private final Map<Long, Batch> submitted = new ConcurrentHashMap<>();

    /// Bytes of entries applied since a snapshot was asked for on their account. Apply thread only, like the
    /// number of the request.
    private long unsavedBytes;

    private long unsavedRequests;

    private volatile @Nullable RocksStateStore store;
    private volatile @Nullable EntryApplier applier;

    LedgerReplica(
            LedgerStateMachine machine,
            ApplyLimits limits,
            long snapshotBytes,
            StoreOpener opener,
            Time time,
            AppliedWaits waits,
            Listener listener) {
        this.machine = machine;
        this.limits = limits;
        this.snapshotBytes = snapshotBytes;
        this.opener = opener;
        this.time = time;
        this.waits = waits;
        this.listener = listener;
    }

    /// Hears of what happens to the group. Called on threads of Ratis.
    interface Listener {
        /// The role may be another one now.
        void onRoleEvent();

        /// This peer takes no further part.
        void onFailure(Throwable cause);
    }

    /// Opens the group's store.
    interface StoreOpener {
        RocksStateStore open() throws IOException;
    }

    /// @param clock the group's
    /// @param followedTerm the term in which this peer follows a leader, if it does
    record Time(LedgerClock clock, Supplier<OptionalLong> followedTerm) {
        /// Entries of earlier terms, which a restarted peer may apply long after they were stamped, do not
        /// tell the time; nor does what this peer stamped itself.
        void entryApplied(Position position, long timeMillis) {
            OptionalLong term = followedTerm.get();
            if (term.isPresent() && term.getAsLong() == position.term().value()) {
                clock.follow(timeMillis);
            }
        }
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        snapshots.init(storage);
        RocksStateStore opened = opener.open();
        store = opened;
        LogIndex snapshot = snapshots.latestPosition().orElse(Position.ZERO).index();
        if (snapshot.isAfter(opened.appliedIndex())) {
            // The process died between the installation of a snapshot and its adoption.
            adoptSnapshot(opened);
        } else if (opened.appliedIndex().isAfter(snapshot)) {
            // Ratis goes on after the newest snapshot: with one of now, nothing is applied again.
            snapshots.make(opened);
        }
        Path directory = storage.getStorageDir().getRoot().toPath();
        LogRecovery.dropBefore(opened.appliedIndex(), directory);
        beginFrom(opened);
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    private void adoptSnapshot(RocksStateStore into) throws IOException {
        Path snapshot = snapshots
                .latestDirectory()
                .orElseThrow(() -> new IllegalStateException("there is a snapshot to adopt"));
        into.replaceBy(snapshot);
    }

    private void beginFrom(RocksStateStore opened) {
        Position applied = opened.applied();
        EntryApplier begun = new EntryApplier(opened, machine, limits);
        applier = begun;
        time.clock().passed(begun.timeMillis());
        if (!applied.equals(Position.ZERO)) {
            setLastAppliedTermIndex(
                    TermIndex.valueOf(applied.term().value(), applied.index().value()));
        }
        machine.onStateReplaced(opened);
        waits.advance(applied.index());
        LOGGER.info("state begins: group={} index={} term={}", getGroupId(), applied.index(), applied.term());
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        snapshots.reload();
        RocksStateStore opened = store();
        adoptSnapshot(opened);
        beginFrom(opened);
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    CheckpointStorage snapshots() {
        return snapshots;
    }

    @Override
    public long takeSnapshot() throws IOException {
        Position applied = store().applied();
        if (applied.equals(Position.ZERO) || applied.index().value() > getLastAppliedTermIndex().getIndex()) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        return snapshots.make(store()).index().value();
    }

    /// Remembers a batch until its request is answered, so that its way through the log can be followed.
    void track(long callId, Batch batch) {
        submitted.put(callId, batch);
    }

    void untrack(long callId) {
        submitted.remove(callId);
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        Batch batch = submitted.get(request.getCallId());
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(batch)
                .build();
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) {
        if (transaction.getStateMachineContext() instanceof Batch batch) {
            batch.enterLog();
        }
        return transaction;
    }

    /// Throws instead of returning a failed future: Ratis would log the failure and go on with the next
    /// entry, and this peer's state would silently differ from the others'.
    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        Position position = new Position(new LogIndex(entry.getIndex()), new Term(entry.getTerm()));
        if (position.index().isAfter(store().appliedIndex())) {
            try {
                apply(transaction, entry, position);
            } catch (RuntimeException | Error failure) {
                listener.onFailure(failure);
                throw failure;
            }
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        waits.advance(position.index());
        return DONE;
    }

    private void apply(TransactionContext transaction, LogEntryProto entry, Position position) {
        EntryApplier current = applier;
        if (current == null) {
            throw new IllegalStateException("an entry came before the state");
        }
        byte[] bytes;
        if (transaction.getStateMachineContext() instanceof Batch batch) {
            bytes = batch.entry();
            List<Outcome> outcomes = current.apply(position, bytes);
            batch.succeed(outcomes);
        } else {
            bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
            current.apply(position, bytes);
            time.entryApplied(position, current.timeMillis());
        }
        unsavedBytes += bytes.length;
        if (unsavedBytes > snapshotBytes) {
            unsavedBytes = 0;
            requestSnapshot();
        }
    }

    /// Ratis counts entries, which may be small or large; their bytes are what the log's disk space and the
    /// time of a start depend on.
    private void requestSnapshot() {
        RaftServer server = getServer().join();
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                SNAPSHOT_CLIENT, server.getId(), getGroupId(), unsavedRequests++, SNAPSHOT_MILLIS_MAX, 1);
        CompletableFuture<?> _ = server.snapshotManagementAsync(request)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        LOGGER.warn("no snapshot was taken: group={}", getGroupId(), failure);
                    }
                });
    }

    @Override
    public CompletableFuture<Message> query(Message request) {
        return DONE;
    }

    /// An entry of Ratis's own, which the state does not see.
    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        waits.advance(new LogIndex(index));
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        listener.onRoleEvent();
    }

    @Override
    public void notifyLeaderReady() {
        listener.onRoleEvent();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
        listener.onRoleEvent();
    }

    /// From here on Ratis refuses every entry, and goes on as a member of the group that never comes up to
    /// date.
    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        listener.onFailure(cause);
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        listener.onRoleEvent();
    }

    @Override
    public void close() {
        RocksStateStore open = store;
        if (open != null) {
            open.close();
        }
    }

    RocksStateStore store() {
        RocksStateStore open = store;
        if (open == null) {
            throw new IllegalStateException("the group is not started: group=" + getGroupId());
        }
        return open;
    }

    EntryApplier.Counts counts() {
        EntryApplier current = applier;
        return current == null ? new EntryApplier.Counts(0, 0, 0) : current.counts();
    }
}
