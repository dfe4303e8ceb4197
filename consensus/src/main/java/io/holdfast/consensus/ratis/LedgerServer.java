package io.holdfast.consensus.ratis;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.apply.ApplyLimits;
import io.holdfast.consensus.history.HistoryRetention;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.rocksdb.RocksResources;
import io.holdfast.consensus.rocksdb.RocksStateStore;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This process's part in replicated logs: one Raft server on one port, serving a handful of groups.
/// Concurrent; opening and closing groups is guarded by its monitor.
///
///     directory/raft/<group>/    Raft's log, its metadata and snapshots
///     directory/state/<group>/   the state, see [RocksStateStore]
public final class LedgerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerServer.class);

    /// The pace at which deadlines and roles are looked at.
    private static final long TICK_MILLIS = 200;

    /// While there is a leader, connections to peers that are down are tried again at this pace; while there
    /// is none, at each tick.
    private static final long RETRY_TICKS = 5;

    /// Bounds what results remembered for sessions may take of the heap.
    private static final long SESSION_RESULT_BYTES_MAX = 64L << 20;

    private final LedgerConfig config;
    private final SnapshotGate gate = new SnapshotGate();
    private final RaftServer server;
    private final PeerConnections connections;
    private final RocksResources resources = new RocksResources();
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Map<RaftGroupId, LedgerReplica> replicas = new ConcurrentHashMap<>();
    private final Map<GroupId, RatisReplicatedLog> logs = new ConcurrentHashMap<>();
    private final ScheduledExecutorService events;
    private @Nullable Future<?> ticking;

    /// Touched on the thread of the events only.
    private long ticks;

    private boolean closed;

    private LedgerServer(LedgerConfig config) throws IOException {
        this.config = config;
        // What Ratis still reports while this closes is of no interest any more.
        this.events = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("ledger-events-" + config.self()).factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        this.server = build();
        this.connections = PeerConnections.of((GrpcServicesImpl) server.getServerRpc());
    }

    /// Loads the native code that a server needs; opening one does it otherwise.
    public static void loadLibraries() {
        RocksResources.loadLibrary();
    }

    /// Starts listening; no group is served yet.
    public static LedgerServer open(LedgerConfig config) {
        try {
            Files.createDirectories(config.directory());
            requireFree(config.host(), config.port());
            LedgerServer opened = new LedgerServer(config);
            opened.start();
            return opened;
        } catch (IOException e) {
            throw new UnavailableException(
                    "the ledger cannot listen: address=" + config.host() + ":" + config.port()
                            + " reason=" + e.getMessage(), e);
        }
    }

    /// Ratis ends the process if its port is taken, without a word about which. Nothing listens here: a peer
    /// that tried just now would be let in and cut off.
    private static void requireFree(String host, int port) throws IOException {
        try (Socket probe = new Socket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        }
    }

    /// Ratis would open every group that it finds in its folder; it is shown the folder only afterwards, so
    /// that each group is opened by its owner, with its state machine.
    private RaftServer build() throws IOException {
        RaftProperties properties = RatisSettings.properties(config);
        Path unused = config.directory().resolve("unused");
        RatisSettings.setDirectories(properties, unused, unused);
        RaftServer built = RaftServer.newBuilder()
                .setServerId(RatisNames.peerId(config.self()))
                .setProperties(properties)
                .setParameters(RatisSettings.parameters(config.tls(), gate))
                .setStateMachineRegistry(this::replica)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        RatisSettings.setDirectories(
                properties, config.directory().resolve("raft"), config.directory().resolve("removed"));
        return built;
    }

    private void start() throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            closeQuietly();
            throw e;
        }
        ticking = events.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private LedgerReplica replica(RaftGroupId group) {
        LedgerReplica replica = replicas.get(group);
        if (replica == null) {
            throw new IllegalStateException("a group is opened through this server: group=" + group);
        }
        return replica;
    }

    /// Opens a group's log and takes part in it.
    ///
    /// If the directory holds the group, it goes on from there and `initialPeers` is ignored. Otherwise it
    /// begins as one of `initialPeers` (alone, or all at the same time); where this peer is a non-voting one
    /// of them, it waits to be added as a follower; where the list is empty, as a voter.
    ///
    /// Throws `CorruptLedgerException` if what is stored is damaged.
    public synchronized ReplicatedLog open(
            GroupId group, LedgerStateMachine machine, List<GroupPeer> initialPeers) {
        if (closed || logs.containsKey(group)) {
            throw new IllegalStateException(
                    "the server is open and the group is not: group=" + group + " serverClosed=" + closed);
        }
        LogRecovery.prepare(group, raftDirectory(group));
        long patienceTicks = Math.max(1, config.timeouts().request().toMillis() / TICK_MILLIS);
        AppliedWaits waits = new AppliedWaits(patienceTicks);
        AtomicReference<@Nullable RatisReplicatedLog> opened = new AtomicReference<>();
        LedgerClock clock = config.clocks().get();
        LedgerReplica replica = new LedgerReplica(
                machine,
                limits(),
                config.retention().snapshotBytes(),
                () -> RocksStateStore.open(stateDirectory(group), machine.keyspaces(), resources),
                new LedgerReplica.Time(clock, () -> followedTerm(opened.get())),
                waits,
                listenerOf(opened));
        RaftGroup raftGroup = RatisNames.group(group, initialPeers);
        replicas.put(raftGroup.getGroupId(), replica);
        RaftServer.Division division = addGroup(group, raftGroup, replica);
        RatisReplicatedLog log = new RatisReplicatedLog(
                new RatisReplicatedLog.Parts(
                        group, config, division, replica, clock, waits, events, this::remove),
                patienceTicks);
        logs.put(group, log);
        opened.set(log);
        log.checkLeadership();
        LOG.info("log opened: group={} peer={} applied={}", group, config.self(), log.appliedIndex());
        return log;
    }

    /// Snapshots that leaders sent to groups while those started.
    long snapshotsRefused() {
        return gate.refused();
    }

    private static OptionalLong followedTerm(@Nullable RatisReplicatedLog log) {
        return log == null ? OptionalLong.empty() : log.followedTerm();
    }

    private static LedgerReplica.Listener listenerOf(AtomicReference<@Nullable RatisReplicatedLog> opened) {
        return new LedgerReplica.Listener() {
            @Override
            public void onRoleEvent() {
                RatisReplicatedLog log = opened.get();
                if (log != null) {
                    log.checkLeadership();
                }
            }

            @Override
            public void onFailure(Throwable cause) {
                RatisReplicatedLog log = opened.get();
                if (log != null) {
                    log.fail(cause);
                }
            }
        };
    }

    private RaftServer.Division addGroup(GroupId group, RaftGroup raftGroup, LedgerReplica replica) {
        gate.close();
        try {
            RaftClientReply reply = server.groupManagementAsync(GroupManagementRequest.newAdd(
                            client, server.getId(), calls.incrementAndGet(), raftGroup, false))
                    .join();
            if (!reply.isSuccess()) {
                throw RatisFailures.of(reply, null);
            }
            return server.getDivision(raftGroup.getGroupId());
        } catch (CompletionException | IOException | ConsensusException e) {
            replicas.remove(raftGroup.getGroupId());
            replica.close();
            throw LogRecovery.explain(group, raftDirectory(group), e);
        } finally {
            gate.open();
        }
    }

    private ApplyLimits limits() {
        LedgerConfig.Retention retention = config.retention();
        HistoryRetention history =
                new HistoryRetention(retention.historyEntriesMax(), retention.historyBytesMax());
        return new ApplyLimits(
                retention.sessionIdle().toMillis(),
                retention.sessionsMax(),
                SESSION_RESULT_BYTES_MAX,
                history);
    }

    private Path stateDirectory(GroupId group) {
        return config.directory().resolve("state").resolve(group.value());
    }

    private Path raftDirectory(GroupId group) {
        return config.directory().resolve("raft").resolve(RatisNames.uuid(group).toString());
    }

    /// Stops serving a group; its files stay.
    private synchronized void remove(RatisReplicatedLog log) {
        if (!logs.remove(log.group(), log)) {
            return;
        }
        RaftGroupId group = RatisNames.groupId(log.group());
        server.groupManagementAsync(GroupManagementRequest.newRemove(
                        client, server.getId(), calls.incrementAndGet(), group, false, false))
                .join();
        replicas.remove(group);
        LOG.info("log closed: group={} peer={}", log.group(), config.self());
    }

    /// Deletes the files of a group that is not open: for a peer that was removed from it.
    public synchronized void drop(GroupId group) {
        if (logs.containsKey(group)) {
            throw new IllegalStateException("a group is closed before it is dropped: group=" + group);
        }
        try {
            FileUtils.deleteFully(raftDirectory(group));
            FileUtils.deleteFully(stateDirectory(group));
        } catch (IOException e) {
            throw new UnavailableException("the group's files cannot be deleted: group=" + group, e);
        }
    }

    /// One log's failing listener must not stop the clock of the others.
    private void tick() {
        ticks++;
        for (RatisReplicatedLog log : logs.values()) {
            try {
                log.tick();
                tryConnections(log);
            } catch (RuntimeException e) {
                LOG.error("a listener of the log failed: group={}", log.group(), e);
            }
        }
    }

    private void tryConnections(RatisReplicatedLog log) {
        boolean led = log.leadership().leader().isPresent();
        if (led && ticks % RETRY_TICKS != 0) {
            return;
        }
        for (GroupPeer peer : log.membership().peers()) {
            if (!peer.id().equals(config.self())) {
                connections.tryAgain(peer.id());
            }
        }
    }

    /// Stops serving all groups, then listening.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            List.copyOf(logs.values()).forEach(RatisReplicatedLog::close);
            closeQuietly();
        }
    }

    private void closeQuietly() {
        if (ticking != null) {
            ticking.cancel(false);
        }
        events.shutdown();
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("the Raft server did not close cleanly: peer={}", config.self(), e);
        }
        resources.close();
    }
}
