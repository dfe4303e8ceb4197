package io.holdfast.gridstate.placement;

import static io.holdfast.gridstate.cluster.ClusterCatalogs.NODES;
import static io.holdfast.gridstate.lease.LeaseCatalogs.LEASES;
import static io.holdfast.gridstate.placement.PlacementCatalogs.PLACEMENTS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.APPLICATIONS;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import java.util.Optional;

/// The rules of placement. Immutable; confined to the apply thread by what it is given.
public final class PlacementRules {
    /// A node that runs instances.
    ///
    /// @param node its name
    /// @param token of its lease `app-host/NODE`
    public record Host(String node, FencingToken token) {}

    public GridReply claim(RuleScope scope, PlacementKey key, Host host, long generation) {
        Optional<ApplicationEntry> application = scope.find(APPLICATIONS, key.application());
        if (application.isEmpty() || application.get().spec().isEmpty()) {
            return Refusals.notFound("application", key.application());
        }
        Optional<Refused> refused =
                whyNotRun(key, application.get(), application.get().spec().get(), generation)
                .or(() -> whyNotHost(scope, host));
        if (refused.isPresent()) {
            return refused.get();
        }
        Optional<Versioned<PlacementKey, PlacementEntry>> found = scope.findVersioned(PLACEMENTS, key);
        if (found.isPresent() && isHeld(scope, found.get().value())) {
            return whenHeld(key, found.get(), host, generation);
        }
        if (found.isEmpty()) {
            ApplicationEntry entry = application.get();
            scope.put(APPLICATIONS, key.application(), entry.withPlaced(entry.placedCount() + 1));
        }
        scope.put(
                PLACEMENTS,
                key,
                new PlacementEntry(
                        host.node(),
                        host.token(),
                        generation,
                        scope.timeMillis(),
                        new PlacementState.Starting(scope.timeMillis())));
        return new Accepted(scope.version());
    }

    public GridReply report(RuleScope scope, PlacementKey key, Host host, PlacementState state) {
        Optional<PlacementEntry> found = scope.find(PLACEMENTS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("placement", key);
        }
        if (!isOf(found.get(), host)) {
            return Refusals.fenced("slot", key, host.token(), found.get().host());
        }
        scope.put(PLACEMENTS, key, found.get().withState(state));
        return new Accepted(scope.version());
    }

    public GridReply release(RuleScope scope, PlacementKey key, Host host) {
        Optional<Versioned<PlacementKey, PlacementEntry>> found = scope.findVersioned(PLACEMENTS, key);
        if (found.isEmpty()) {
            return new Accepted(0);
        }
        PlacementEntry entry = found.get().value();
        if (!isOf(entry, host) && isHeld(scope, entry)) {
            return new Accepted(found.get().version());
        }
        scope.remove(PLACEMENTS, key);
        scope.find(APPLICATIONS, key.application()).ifPresent(application -> scope.put(
                APPLICATIONS, key.application(), application.withPlaced(application.placedCount() - 1)));
        return new Accepted(scope.version());
    }

    private static GridReply whenHeld(
            PlacementKey key, Versioned<PlacementKey, PlacementEntry> found, Host host, long generation) {
        PlacementEntry entry = found.value();
        if (isOf(entry, host) && entry.generation() == generation) {
            return new Accepted(found.version());
        }
        return GridReply.refuse(
                RefusalCode.HELD,
                "a node has claimed the slot: " + key + " node=" + entry.node() + " state="
                        + entry.state().label(),
                "ask that node, or wait until it gives the slot back");
    }

    private static Optional<Refused> whyNotRun(
            PlacementKey key, ApplicationEntry entry, ApplicationSpec spec, long generation) {
        if (entry.isStopped()) {
            return Optional.of(Refusals.wrongState(
                    "application",
                    key.application(),
                    entry.state(),
                    "let it run: holdfast app start " + key.application().name()));
        }
        if (generation != entry.generation()) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.VERSION_MISMATCH,
                    "the application has another specification by now: " + key.application() + " generation="
                            + entry.generation(),
                    "read it again"));
        }
        if (key.slot() >= spec.scaling().countMax()) {
            return Optional.of(Refusals.full("instances", spec.scaling().countMax()));
        }
        return Optional.empty();
    }

    private static Optional<Refused> whyNotHost(RuleScope scope, Host host) {
        Optional<NodeEntry> node = scope.find(NODES, host.node());
        if (node.isEmpty()) {
            return Optional.of(Refusals.notFound("node", host.node()));
        }
        if (!(node.get().state() instanceof NodeState.Joined)) {
            return Optional.of(Refusals.wrongState(
                    "node", host.node(), node.get().state().label(), "let another node run it"));
        }
        return holds(scope, host.node(), host.token())
                ? Optional.empty()
                : Optional.of(Refusals.fenced("host", host.node(), host.token(), "expired"));
    }

    private static boolean isHeld(RuleScope scope, PlacementEntry entry) {
        return holds(scope, entry.node(), entry.host());
    }

    private static boolean holds(RuleScope scope, String node, FencingToken token) {
        return scope.find(LEASES, PlacementEntry.leaseOf(node))
                .filter(lease -> lease.token().equals(token) && lease.isHeldAt(scope.timeMillis()))
                .isPresent();
    }

    private static boolean isOf(PlacementEntry entry, Host host) {
        return entry.node().equals(host.node()) && entry.host().equals(host.token());
    }
}
