package io.holdfast.consensus.ratis;

import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.testing.Await;
import io.holdfast.consensus.testing.TallyStateMachine;
import io.holdfast.consensus.testing.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Several peers of one group in one process, on loopback and over TLS. Confined to the test's thread.
final class LedgerPeers implements AutoCloseable {
    static final GroupId GROUP = new GroupId("main");

    /// Elections as by default; requests may take longer, because many tests share a machine.
    private static final LedgerConfig.Timeouts TIMEOUTS = new LedgerConfig.Timeouts(
            Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofSeconds(20));

    private final TestAuthority authority = new TestAuthority();
    private final Path directory;
    private final InstantSource clock;
    private final UnaryOperator<LedgerConfig> adjust;
    private final Map<PeerId, GroupPeer> addresses = new LinkedHashMap<>();
    private final Map<PeerId, Running> running = new LinkedHashMap<>();

    /// A started peer.
    record Running(LedgerServer server, ReplicatedLog log, TallyStateMachine machine) {}

    LedgerPeers(Path directory, InstantSource clock, UnaryOperator<LedgerConfig> adjust) {
        this.directory = directory;
        this.clock = clock;
        this.adjust = adjust;
    }

    static LedgerPeers in(Path directory) {
        return new LedgerPeers(directory, InstantSource.system(), UnaryOperator.identity());
    }

    /// Starts a group of voters n1 to nN, all together.
    List<GroupPeer> startVoters(int count) {
        List<GroupPeer> peers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            peers.add(peer("n" + i));
        }
        peers.forEach(peer -> start(peer.id(), peers, new TallyStateMachine()));
        return peers;
    }

    /// The address of a peer, drawn once.
    GroupPeer peer(String name) {
        return addresses.computeIfAbsent(
                new PeerId(name), id -> new GroupPeer(id, "127.0.0.1", freePort(), true, 0));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Running start(PeerId id, List<GroupPeer> initial, TallyStateMachine machine) {
        LedgerServer server = LedgerServer.open(config(id));
        try {
            Running started = new Running(server, server.open(GROUP, machine, initial), machine);
            running.put(id, started);
            return started;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    Running restart(PeerId id) {
        stop(id);
        return start(id, List.of(), new TallyStateMachine());
    }

    LedgerConfig config(PeerId id) {
        GroupPeer address = peer(id.value());
        LedgerConfig.Tls tls = new LedgerConfig.Tls(authority.keysOf(id.value()), authority.trust());
        LedgerConfig config = LedgerConfig.of(
                        id, address.host(), address.port(), directory.resolve(id.value()), tls,
                        () -> LedgerClock.unmoved(clock))
                .withTimeouts(TIMEOUTS);
        return adjust.apply(config);
    }

    void stop(PeerId id) {
        Running stopped = running.remove(id);
        if (stopped != null) {
            stopped.server.close();
        }
    }

    Running get(PeerId id) {
        Running found = running.get(id);
        if (found == null) {
            throw new AssertionError("not running: peer=" + id);
        }
        return found;
    }

    List<Running> all() {
        return List.copyOf(running.values());
    }

    /// The peer that leads, once one does.
    Running leader() {
        Await.until("a leader is elected", () -> findLeader().isPresent());
        return findLeader().orElseThrow();
    }

    private Optional<Running> findLeader() {
        return running.values().stream()
                .filter(peer -> peer.log.leadership().isLeader())
                .findFirst();
    }

    /// Some running peer that does not lead.
    Running nonLeader() {
        Running leader = leader();
        return running.values().stream()
                .filter(peer -> !peer.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        stopAll();
    }

    /// Closes all peers at once: each waits a second for a thread of Ratis.
    void stopAll() {
        List<Thread> closing = running.values().stream()
                .map(peer -> Thread.ofVirtual().start(peer.server::close))
                .toList();
        running.clear();
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
