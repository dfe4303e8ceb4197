package io.holdfast.gridstate.cluster;

import static io.holdfast.gridstate.cluster.ClusterCatalogs.CLUSTER;
import static io.holdfast.gridstate.cluster.ClusterCatalogs.NODES;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of the cluster and its nodes. Immutable; confined to the apply thread by what it is given.
public final class ClusterRules {
    private final JoinTokenRules tokens;

    public ClusterRules(JoinTokenRules tokens) {
        this.tokens = tokens;
    }

    /// A node that wants in.
    ///
    /// @param name its name
    /// @param description what it says about itself
    /// @param certificate the one it got
    public record Applicant(String name, NodeDescription description, NodeCertificate certificate) {}

    /// A new cluster begins at its founder's level: there is no older node that it would shut out.
    public GridReply found(RuleScope scope, String id, String name, Applicant founder) {
        if (scope.find(CLUSTER, ClusterEntry.KEY).isPresent()) {
            return Refusals.exists("cluster", name);
        }
        int number = 1;
        int level = founder.description().level();
        scope.put(
                CLUSTER,
                ClusterEntry.KEY,
                new ClusterEntry(id, name, scope.timeMillis(), level, number, number));
        scope.put(NODES, founder.name(), admitted(scope, number, founder));
        return new Accepted(scope.version(), new GridReply.Result.Assigned(number));
    }

    /// Admits a node and uses up its token.
    public GridReply admit(RuleScope scope, Applicant applicant, JoinTokenRules.Shown shown) {
        Optional<ClusterEntry> foundCluster = scope.find(CLUSTER, ClusterEntry.KEY);
        if (foundCluster.isEmpty()) {
            return Refusals.notFound("cluster", ClusterEntry.KEY);
        }
        ClusterEntry cluster = foundCluster.get();
        Optional<NodeEntry> before = scope.find(NODES, applicant.name());
        if (before.isPresent() && !before.get().isEvicted()) {
            return Refusals.exists("node", applicant.name());
        }
        if (applicant.description().level() < cluster.level()) {
            return tooOld(applicant.name(), applicant.description().level(), cluster.level());
        }
        if (cluster.nodeCount() == ClusterEntry.NODES_MAX) {
            return Refusals.full("nodes", ClusterEntry.NODES_MAX);
        }
        Optional<Refused> refused = tokens.use(scope, shown);
        if (refused.isPresent()) {
            return refused.get();
        }
        int number = Math.addExact(cluster.lastNumber(), 1);
        scope.put(CLUSTER, ClusterEntry.KEY, cluster.withNodes(cluster.nodeCount() + 1, number));
        scope.put(NODES, applicant.name(), admitted(scope, number, applicant));
        return new Accepted(scope.version(), new GridReply.Result.Assigned(number));
    }

    public GridReply describe(
            RuleScope scope, String node, NodeDescription description, ExpectedVersion expected) {
        Optional<Versioned<String, NodeEntry>> found = scope.findVersioned(NODES, node);
        Optional<Refused> refused = whyNotChange(node, found, expected);
        if (refused.isPresent() || found.isEmpty()) {
            return refused.orElseGet(() -> Refusals.notFound("node", node));
        }
        int level = scope.find(CLUSTER, ClusterEntry.KEY).map(ClusterEntry::level).orElse(1);
        if (description.level() < level) {
            return tooOld(node, description.level(), level);
        }
        scope.put(NODES, node, found.get().value().withDescription(description));
        return new Accepted(scope.version());
    }

    /// Brings a node into another state, one that is not [NodeState.Evicted].
    public GridReply setState(RuleScope scope, String node, NodeState next, ExpectedVersion expected) {
        Optional<Versioned<String, NodeEntry>> found = scope.findVersioned(NODES, node);
        Optional<Refused> refused = whyNotChange(node, found, expected);
        if (refused.isPresent() || found.isEmpty()) {
            return refused.orElseGet(() -> Refusals.notFound("node", node));
        }
        NodeEntry entry = found.get().value();
        if (entry.state().equals(next)) {
            return new Accepted(found.get().version());
        }
        boolean isOtherReason = entry.state().getClass() == next.getClass();
        NodeState reached = isOtherReason ? next : NodeState.TRANSITIONS.step(entry.state(), next);
        scope.put(NODES, node, entry.withState(reached));
        return new Accepted(scope.version());
    }

    public GridReply evict(RuleScope scope, String node, String reason, ExpectedVersion expected) {
        Optional<Versioned<String, NodeEntry>> found = scope.findVersioned(NODES, node);
        Optional<ClusterEntry> cluster = scope.find(CLUSTER, ClusterEntry.KEY);
        if (found.isEmpty() || cluster.isEmpty()) {
            return Refusals.notFound("node", node);
        }
        NodeEntry entry = found.get().value();
        if (entry.isEvicted()) {
            return new Accepted(found.get().version());
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("node", node, found);
        }
        if (cluster.get().nodeCount() == 1) {
            return GridReply.refuse(RefusalCode.FORBIDDEN_STATE, "the last node stays: " + node);
        }
        NodeState next = new NodeState.Evicted(reason, scope.timeMillis());
        scope.put(NODES, node, entry.withState(NodeState.TRANSITIONS.step(entry.state(), next)));
        int count = cluster.get().nodeCount() - 1;
        scope.put(
                CLUSTER,
                ClusterEntry.KEY,
                cluster.get().withNodes(count, cluster.get().lastNumber()));
        return new Accepted(scope.version());
    }

    public GridReply renew(
            RuleScope scope, String node, NodeCertificate certificate, ExpectedVersion expected) {
        Optional<Versioned<String, NodeEntry>> found = scope.findVersioned(NODES, node);
        Optional<Refused> refused = whyNotChange(node, found, expected);
        if (refused.isPresent() || found.isEmpty()) {
            return refused.orElseGet(() -> Refusals.notFound("node", node));
        }
        NodeEntry entry = found.get().value();
        if (entry.certificate().equals(certificate)) {
            return new Accepted(found.get().version());
        }
        scope.put(NODES, node, entry.renewed(certificate));
        return new Accepted(scope.version());
    }

    /// Walks over all nodes, of which there are at most [ClusterEntry#NODES_MAX]; happens once per release.
    public GridReply raiseLevel(RuleScope scope, int level) {
        Optional<Versioned<String, ClusterEntry>> found = scope.findVersioned(CLUSTER, ClusterEntry.KEY);
        if (found.isEmpty()) {
            return Refusals.notFound("cluster", ClusterEntry.KEY);
        }
        ClusterEntry cluster = found.get().value();
        if (level == cluster.level()) {
            return new Accepted(found.get().version());
        }
        if (level < cluster.level()) {
            return Refusals.wrongState(
                    "cluster", ClusterEntry.KEY, "level " + cluster.level(), "levels only rise");
        }
        Optional<String> tooOld = firstBelow(scope, level);
        if (tooOld.isPresent()) {
            return GridReply.refuse(
                    RefusalCode.UNSUPPORTED_LEVEL,
                    "a node does not understand this level: node=" + tooOld.get() + " level=" + level,
                    "upgrade it, or evict it");
        }
        scope.put(CLUSTER, ClusterEntry.KEY, cluster.withLevel(level));
        return new Accepted(scope.version());
    }

    private static Optional<String> firstBelow(RuleScope scope, int level) {
        List<String> found = new ArrayList<>(1);
        scope.scan(NODES, new byte[0], (key, _) -> {
            String name = NODES.keyForm().decode(key);
            boolean isBelow = scope.find(NODES, name)
                    .filter(node -> !node.isEvicted() && node.description().level() < level)
                    .isPresent();
            if (isBelow) {
                found.add(name);
            }
            return !isBelow;
        });
        return found.stream().findFirst();
    }

    private static Optional<Refused> whyNotChange(
            String node, Optional<Versioned<String, NodeEntry>> found, ExpectedVersion expected) {
        if (found.isEmpty()) {
            return Optional.of(Refusals.notFound("node", node));
        }
        if (!expected.isMetBy(found)) {
            return Optional.of(Refusals.mismatch("node", node, found));
        }
        return found.get().value().isEvicted()
                ? Optional.of(Refusals.wrongState(
                        "node", node, "evicted", "it can join again with a new join token"))
                : Optional.empty();
    }

    private static NodeEntry admitted(RuleScope scope, int number, Applicant applicant) {
        return new NodeEntry(
                number,
                applicant.description(),
                applicant.certificate(),
                Optional.empty(),
                new NodeState.Joined(),
                scope.timeMillis());
    }

    private static Refused tooOld(String node, int level, int clusterLevel) {
        return GridReply.refuse(
                RefusalCode.UNSUPPORTED_LEVEL,
                "the node is too old for this cluster: " + node + " level=" + level + " cluster="
                        + clusterLevel,
                "upgrade it first");
    }
}
