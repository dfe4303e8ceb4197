package io.holdfast.consensus.ratis;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.apply.EntryApplier;
import io.holdfast.consensus.entry.ProposalRules;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.Membership;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.store.Position;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A group's log on this peer. Concurrent.
///
/// Requests enter Ratis in this process, without its client: they are refused at once where they cannot
/// succeed, and where they entered the log is known.
final class RatisReplicatedLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(RatisReplicatedLog.class);
    private static final long HEARD_MILLIS = 200;
    private static final long LEASE_PATIENCE_MILLIS = 50;

    private final GroupId group;
    private final PeerId self;
    private final RaftGroupId groupId;
    private final RaftServer.Division division;
    private final RaftClientAsynchronousProtocol requests;
    private final LedgerReplica replica;
    private final LedgerClock clock;
    private final AppliedWaits waits;
    private final ProposalPump pump;
    private final LeaderWaits leaderWaits;
    private final RatisMembership membership;
    private final Executor events;
    private final Consumer<RatisReplicatedLog> onClose;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final List<Consumer<Leadership>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile boolean closed;

    /// Touched on the thread of the events only.
    private @Nullable Leadership announced;

    /// What a log is made of; given by the server that opened it.
    record Parts(
            GroupId group,
            LedgerConfig config,
            RaftServer.Division division,
            LedgerReplica replica,
            LedgerClock clock,
            AppliedWaits waits,
            Executor events,
            Consumer<RatisReplicatedLog> onClose) {}

    RatisReplicatedLog(Parts parts, long patienceTicks) {
        this.group = parts.group;
        this.self = parts.config.self();
        this.groupId = RatisNames.groupId(parts.group);
        this.division = parts.division;
        this.requests = (RaftClientAsynchronousProtocol) parts.division;
        this.replica = parts.replica;
        this.clock = parts.clock;
        this.waits = parts.waits;
        this.events = parts.events;
        this.onClose = parts.onClose;
        this.leaderWaits = new LeaderWaits(patienceTicks, this::leadership);
        this.membership = new RatisMembership(group, division, client, calls, leaderWaits);
        this.pump = new ProposalPump(
                parts.config.batching(),
                parts.clock,
                patienceTicks,
                this::submit,
                ProposalPump.Pauses.REAL);
    }

    @Override
    public GroupId group() {
        return group;
    }

    @Override
    public CompletableFuture<Committed> propose(Proposal proposal) {
        Optional<ConsensusException> refusal = refusal(proposal);
        return refusal.<CompletableFuture<Committed>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> pump.offer(proposal));
    }

    private Optional<ConsensusException> refusal(Proposal proposal) {
        if (closed) {
            return Optional.of(new UnavailableException("the log is closed: group=" + group));
        }
        DivisionInfo info = division.getInfo();
        if (!info.isLeader()) {
            return Optional.of(new NotLeaderException(leader(info)));
        }
        if (!info.isLeaderReady()) {
            return Optional.of(new UnavailableException("elected, not ready yet: group=" + group));
        }
        try {
            ProposalRules.requireValid(proposal);
            return Optional.empty();
        } catch (ConsensusException e) {
            return Optional.of(e);
        }
    }

    private CompletableFuture<@Nullable ConsensusException> submit(Batch batch, byte[] entry) {
        long callId = calls.incrementAndGet();
        replica.track(callId, batch);
        Message message = Message.valueOf(UnsafeByteOperations.unsafeWrap(entry));
        return request(callId, message, RaftClientRequest.writeRequestType()).handle((reply, failure) -> {
            replica.untrack(callId);
            boolean done = reply != null && reply.isSuccess();
            return done ? null : RatisFailures.of(reply, failure);
        });
    }

    private CompletableFuture<RaftClientReply> request(
            long callId, Message message, RaftClientRequest.Type type) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(division.getId())
                .setGroupId(groupId)
                .setCallId(callId)
                .setMessage(message)
                .setType(type)
                .build();
        try {
            return requests.submitClientRequestAsync(request);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<LogIndex> readBarrier() {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new UnavailableException("the log is closed: group=" + group));
        }
        return read().handle((reply, failure) -> {
            if (failure != null || !reply.isSuccess()) {
                ConsensusException cause = RatisFailures.of(reply, failure);
                throw new UnavailableException("no leader confirmed the read: group=" + group, cause);
            }
            return appliedIndex();
        });
    }

    /// Ratis answers once the index that the leader confirmed is applied here.
    private CompletableFuture<RaftClientReply> read() {
        return request(calls.incrementAndGet(), Message.EMPTY, RaftClientRequest.readRequestType());
    }

    @Override
    public CompletableFuture<LogIndex> awaitApplied(LogIndex index) {
        return waits.await(index);
    }

    @Override
    public LogIndex appliedIndex() {
        return replica.store().appliedIndex();
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    /// The term that this peer follows a leader in; none while it leads.
    OptionalLong followedTerm() {
        DivisionInfo info = division.getInfo();
        return info.isLeader() ? OptionalLong.empty() : OptionalLong.of(info.getCurrentTerm());
    }

    @Override
    public Leadership leadership() {
        DivisionInfo info = division.getInfo();
        Term term = new Term(Math.max(0, info.getCurrentTerm()));
        return new Leadership(term, closed ? Optional.empty() : leader(info), self, role(info));
    }

    private static Optional<PeerId> leader(DivisionInfo info) {
        RaftPeerId leader = info.getLeaderId();
        return Optional.ofNullable(leader).map(RatisNames::peerId);
    }

    private Leadership.Role role(DivisionInfo info) {
        if (closed || !info.isAlive() || !isMember()) {
            return Leadership.Role.OUTSIDER;
        }
        return switch (info.getCurrentRole()) {
            // A leader that has not applied an entry of its term cannot serve yet.
            case LEADER -> info.isLeaderReady() ? Leadership.Role.LEADER : Leadership.Role.CANDIDATE;
            case CANDIDATE -> Leadership.Role.CANDIDATE;
            case LISTENER -> Leadership.Role.FOLLOWER;
            default -> Leadership.Role.VOTER;
        };
    }

    private boolean isMember() {
        return division.getRaftConf()
                        .getPeer(division.getId(), RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER)
                != null;
    }

    /// A leader whose lease is valid answers a read as soon as it has applied what it has committed; without
    /// a lease it would have to ask the others first, which a leader that is cut off cannot finish. So this
    /// waits for a moment, and must not be asked on the apply thread.
    @Override
    public boolean holdsLeaderLease() {
        if (closed || !division.getInfo().isLeaderReady()) {
            return false;
        }
        try {
            return read().get(LEASE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS).isSuccess();
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void onLeadership(Consumer<Leadership> listener) {
        listeners.add(listener);
    }

    /// Looks at the role again and tells the listeners if it is another one.
    void checkLeadership() {
        events.execute(this::announceLeadership);
    }

    private void announceLeadership() {
        Leadership now = leadership();
        if (!now.equals(announced)) {
            announced = now;
            listeners.forEach(listener -> listener.accept(now));
        }
        leaderWaits.check();
    }

    @Override
    public CompletableFuture<Throwable> failure() {
        return failure.copy();
    }

    /// Storing or applying failed. What fails while the log is being closed is of no interest, nor what fails
    /// because something has before.
    ///
    /// It is told a moment later: this may be the thread that applies entries, on its way to tell Ratis. If
    /// the log is closed before Ratis has heard of it, that thread never ends, and the close waits for it.
    void fail(Throwable cause) {
        if (!closed && failed.compareAndSet(false, true)) {
            LOG.error("the log failed and takes no further part: group={} peer={}", group, self, cause);
            CompletableFuture.delayedExecutor(HEARD_MILLIS, TimeUnit.MILLISECONDS, events)
                    .execute(() -> failure.complete(cause));
        }
    }

    /// Called at a steady pace, on the thread of the events.
    void tick() {
        pump.tick();
        waits.tick();
        leaderWaits.tick();
        announceLeadership();
    }

    @Override
    public StateStore store() {
        return replica.store();
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public LedgerStatus status() {
        LogIndex applied = appliedIndex();
        EntryApplier.Counts counts = replica.counts();
        LedgerStatus.Progress progress = new LedgerStatus.Progress(
                applied,
                committed(applied),
                replica.snapshots().latestPosition().orElse(Position.ZERO).index(),
                counts.entries(),
                counts.commands(),
                counts.repeated());
        return new LedgerStatus(group, leadership(), holdsLeaderLease(), progress, pump.status());
    }

    /// Entries of Ratis's own are not shown as lag: the state never applies them.
    private LogIndex committed(LogIndex applied) {
        long committed = division.getRaftLog().getLastCommittedIndex();
        boolean all = committed <= division.getInfo().getLastAppliedIndex();
        return all ? applied : new LogIndex(Math.max(committed, applied.value()));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pump.close();
            waits.close();
            onClose.accept(this);
        }
    }
}
