package io.holdfast.node.membership;

import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.membership.Membership;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.VoterPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the ledger's participants in line with the list of nodes: whoever is a member takes part, some of
/// them vote, nobody else does. Works on the leader only. Confined to the thread that calls [#step()]; one
/// change is under way at a time, and what could not be done is tried again at a later step.
public final class VoterReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(VoterReconciler.class);
    private static final int PRIORITY_DEFAULT = 1;
    private static final Comparator<GroupPeer> VOTERS_FIRST =
            Comparator.comparing((GroupPeer peer) -> !peer.voting()).thenComparing(GroupPeer::id);

    private final Supplier<Leadership> leadership;
    private final Membership membership;
    private final NodeRoster roster;
    private final Predicate<PeerId> hasArrived;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    private String lastFailure = "";

    /// Makes a reconciler.
    ///
    /// @param hasArrived whether a node that does not take part yet answers; one that was admitted but has
    /// not started would hold up a change for seconds
    public VoterReconciler(
            Supplier<Leadership> leadership,
            Membership membership,
            NodeRoster roster,
            Predicate<PeerId> hasArrived) {
        this.leadership = leadership;
        this.membership = membership;
        this.roster = roster;
        this.hasArrived = hasArrived;
    }

    /// Why the last change failed; empty once one succeeded.
    public String lastFailure() {
        return lastFailure;
    }

    /// Starts a change if one is needed and none is under way.
    public void step() {
        Leadership now = leadership.get();
        Map<String, NodeEntry> members = roster.picture().members();
        if (!now.isLeader() || members.isEmpty() || !underWay.isDone()) {
            return;
        }
        List<GroupPeer> current = membership.peers();
        Set<PeerId> present = current.stream().map(GroupPeer::id).collect(Collectors.toSet());
        members.keySet().removeIf(name -> {
            PeerId peer = new PeerId(name);
            return !present.contains(peer) && !hasArrived.test(peer);
        });
        List<GroupPeer> wanted = wanted(members, current);
        if (!members.containsKey(now.self().value())) {
            successor(now.self(), wanted).ifPresent(voter -> start(
                    "hand over leadership to " + voter, membership.transferLeadership(voter)));
        } else if (!new HashSet<>(wanted).equals(new HashSet<>(current))) {
            start("change participants to " + described(wanted), membership.change(wanted));
        }
    }

    private static Optional<PeerId> successor(PeerId self, List<GroupPeer> wanted) {
        return wanted.stream().filter(GroupPeer::voting).map(GroupPeer::id).filter(id -> !id.equals(self))
                .findFirst();
    }

    private List<GroupPeer> wanted(Map<String, NodeEntry> members, List<GroupPeer> current) {
        Map<PeerId, Integer> priorities = new HashMap<>();
        current.forEach(peer -> priorities.put(peer.id(), peer.priority()));
        List<String> voters = voters(members, current);
        List<GroupPeer> wanted = new ArrayList<>();
        members.forEach((name, node) -> {
            PeerId id = new PeerId(name);
            HostAndPort raft = HostAndPort.parse(node.description().addresses().raft());
            int priority = priorities.getOrDefault(id, PRIORITY_DEFAULT);
            wanted.add(new GroupPeer(id, raft.host(), raft.port(), voters.contains(name), priority));
        });
        wanted.sort(VOTERS_FIRST);
        return wanted;
    }

    /// Whether a node is to vote and does not yet. Until it does, the cluster cannot lose another voter,
    /// however many nodes answer.
    public static boolean isVoteAwaited(String node, NodeRoster.Picture picture, List<GroupPeer> current) {
        Set<String> present = new HashSet<>(Set.of(node));
        current.forEach(peer -> present.add(peer.id().value()));
        Map<String, NodeEntry> members = picture.members();
        members.keySet().retainAll(present); // Who was admitted and has not come yet is not planned with.
        boolean votes = current.stream().anyMatch(peer -> peer.voting() && peer.id().value().equals(node));
        return !votes && voters(members, current).contains(node);
    }

    private static List<String> voters(Map<String, NodeEntry> members, List<GroupPeer> current) {
        Set<String> now = current.stream()
                .filter(GroupPeer::voting)
                .map(peer -> peer.id().value())
                .collect(Collectors.toSet());
        List<Versioned<String, NodeEntry>> nodes = members.entrySet().stream()
                .map(node -> new Versioned<>(node.getKey(), node.getValue(), 0))
                .toList();
        List<String> planned = VoterPlan.choose(VoterPlan.candidates(nodes, now), now);
        return planned.isEmpty() ? List.copyOf(now) : planned;
    }

    private void start(String what, CompletableFuture<Void> change) {
        LOG.info("ledger participants: {}", what);
        underWay = change.handle((_, failure) -> {
            if (failure == null) {
                lastFailure = "";
                LOG.info("ledger participants: done: {}", what);
            } else {
                lastFailure = what + ": " + failure.getMessage();
                LOG.warn("ledger participants: will be tried again: {} reason={}", what, failure.toString());
            }
            return null;
        });
    }

    private static String described(List<GroupPeer> peers) {
        return String.join(",", peers.stream()
                .map(peer -> peer.id() + (peer.voting() ? "(votes)" : ""))
                .toList());
    }
}
