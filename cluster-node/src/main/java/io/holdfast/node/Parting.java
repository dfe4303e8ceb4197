package io.holdfast.node;

import io.holdfast.consensus.PeerId;
import io.holdfast.node.http.port.StatusSource.MachineReport;
import io.holdfast.node.lifecycle.NodeLife;
import io.holdfast.node.lifecycle.NodeState;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.survey.ClusterSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a node leaves others that stop too: once it has put away what it served, it stays for those that have
/// not, because they need its disks and its vote for that. Closed between the two.
final class Parting implements AutoCloseable {
    /// What others need at most; they give up by themselves then.
    static final Duration WAIT_MAX = Duration.ofSeconds(12);

    /// Nodes that are asked to stop together do not hear of it at the same moment.
    static final Duration GRACE = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(Parting.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final String STOPPING = new NodeState.Stopping().label();

    private final NodeLife life;
    private final Supplier<Set<String>> others;
    private final ClusterSurvey.Peers peers;
    private final LongSupplier nanoClock;
    private final Consumer<Duration> pause;
    private final List<Runnable> lastly = new ArrayList<>();

    /// @param others the names of the other nodes
    /// @param pause lets some time pass
    Parting(
            NodeLife life, Supplier<Set<String>> others, ClusterSurvey.Peers peers, LongSupplier nanoClock,
                    Consumer<Duration> pause) {
        this.life = life;
        this.others = others;
        this.peers = peers;
        this.nanoClock = nanoClock;
        this.pause = pause;
    }

    /// What is to be done when nobody is waited for any more.
    void lastly(Runnable end) {
        lastly.add(end);
    }

    @Override
    public void close() {
        try {
            if (life.tryEnter(new NodeState.Settled(), "what it served is put away")) {
                awaitOthers();
            }
        } finally {
            lastly.forEach(Runnable::run);
        }
    }

    private void awaitOthers() {
        pause.accept(GRACE);
        long end = nanoClock.getAsLong() + WAIT_MAX.toNanos();
        List<String> stopping = stopping();
        while (!stopping.isEmpty() && nanoClock.getAsLong() - end < 0) {
            pause.accept(PAUSE);
            stopping = stopping();
        }
        if (!stopping.isEmpty()) {
            LOG.warn("stops before others that stop too: nodes={}", stopping);
        }
    }

    /// Who says that it stops, and still puts away what it serves.
    private List<String> stopping() {
        List<String> names = List.copyOf(others.get());
        List<CompletableFuture<byte[]>> asked = names.stream()
                .map(name -> peers.ask(new PeerId(name), PeerCall.STATUS, new byte[0], PATIENCE))
                .toList();
        List<String> stopping = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (isStopping(asked.get(i))) {
                stopping.add(names.get(i));
            }
        }
        return stopping;
    }

    /// One that does not answer needs nothing any more, or cannot be helped.
    private static boolean isStopping(CompletableFuture<byte[]> status) {
        try {
            return NodeReports.decode(status.join()).machines().stream()
                    .filter(machine -> machine.name().equals(NodeStatus.LIFE))
                    .map(MachineReport::state)
                    .anyMatch(STOPPING::equals);
        } catch (CompletionException | PeerRefusedException silent) {
            return false;
        }
    }
}
