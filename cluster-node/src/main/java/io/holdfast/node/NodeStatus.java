package io.holdfast.node;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.node.http.port.StatusSource;
import io.holdfast.node.lifecycle.NodeLife;
import io.holdfast.node.lifecycle.NodeState;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerLinks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// How this node is, and how the others say they are. Concurrent.
final class NodeStatus implements StatusSource {
    /// The name of a node's life among its state machines.
    static final String LIFE = "node-life";

    private final NodeLife life;
    private final ReplicatedLog log;
    private final NodeRoster roster;
    private final PeerLinks links;
    private final Supplier<Optional<GridParts>> grid;
    private final Supplier<Traffic> traffic;
    private final Instant startedAt;

    /// Who the others are, and the way to them.
    record Others(NodeRoster roster, PeerLinks links) {}

    NodeStatus(
            NodeLife life,
            ReplicatedLog log,
            Others others,
            Supplier<Optional<GridParts>> grid,
            Supplier<Traffic> traffic,
            Instant startedAt) {
        this.life = life;
        this.log = log;
        this.roster = others.roster();
        this.links = others.links();
        this.grid = grid;
        this.traffic = traffic;
        this.startedAt = startedAt;
    }

    @Override
    public NodeReport here() {
        LedgerStatus ledger = log.status();
        List<MachineReport> machines = new ArrayList<>();
        NodeLife.Transition last = life.lastTransition();
        machines.add(new MachineReport(LIFE, last.state().label(), last.at(), last.reason()));
        grid.get().ifPresent(parts -> machines.add(parts.publisherReport()));
        return new NodeReport(
                log.leadership().self().value(),
                Version.TEXT,
                startedAt,
                ledger.progress().applied().value(),
                ledger.progress().lagEntries(),
                List.of(ledger),
                grid.get().map(GridParts::report),
                machines,
                links.status(),
                traffic.get());
    }

    @Override
    public List<NodeReport> others(Duration patience) {
        String self = log.leadership().self().value();
        List<CompletableFuture<byte[]>> asked = roster.picture().members().keySet().stream()
                .filter(name -> !name.equals(self))
                .map(name -> links.call(new PeerId(name), PeerCall.STATUS, new byte[0], patience))
                .toList();
        List<NodeReport> reports = new ArrayList<>();
        for (CompletableFuture<byte[]> answer : asked) {
            try {
                reports.add(NodeReports.decode(answer.join()));
            } catch (CompletionException _) {
                // A node that does not answer is missing from the list: that is what the list says.
            }
        }
        return reports;
    }

    @Override
    public Optional<NodeReport> other(String node, Duration patience) {
        if (!roster.picture().members().containsKey(node)) {
            return Optional.empty();
        }
        try {
            return Optional.of(NodeReports.decode(
                    links.call(new PeerId(node), PeerCall.STATUS, new byte[0], patience).join()));
        } catch (CompletionException _) {
            return Optional.empty();
        }
    }

    @Override
    public boolean isAlive() {
        return !(life.state() instanceof NodeState.Failed);
    }

    @Override
    public Optional<String> unreadyReason() {
        NodeLife.Transition last = life.lastTransition();
        return last.state() instanceof NodeState.Ready
                ? Optional.empty()
                : Optional.of(last.state().label() + ": " + last.reason());
    }
}
