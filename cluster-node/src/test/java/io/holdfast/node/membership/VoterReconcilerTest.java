package io.holdfast.node.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.membership.Membership;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class VoterReconcilerTest {
    private static final NodeState JOINED = new NodeState.Joined();
    private static final NodeState EVICTED = new NodeState.Evicted("gone", 1);

    private final RecordedMembership membership = new RecordedMembership();
    private final NodeRoster roster = new NodeRoster(() -> Instant.EPOCH, "n1", () -> "1");
    private final Map<String, NodeEntry> nodes = new TreeMap<>();
    private final Set<String> absent = new HashSet<>();
    private Leadership.Role role = Leadership.Role.LEADER;
    private final VoterReconciler reconciler = new VoterReconciler(
            () -> new Leadership(new Term(1), Optional.of(new PeerId("n1")), new PeerId("n1"), role),
            membership, roster, peer -> !absent.contains(peer.value()));

    private static final class RecordedMembership implements Membership {
        private final List<String> asked = new ArrayList<>();
        private List<GroupPeer> peers = List.of(new GroupPeer(new PeerId("n1"), "h", 11, true, 5));
        private CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);

        @Override
        public List<GroupPeer> peers() {
            return peers;
        }

        @Override
        public CompletableFuture<Void> change(List<GroupPeer> wanted) {
            asked.add("change " + wanted.stream().map(p -> p.id() + (p.voting() ? "+" : "-")).toList());
            if (answer.isDone() && !answer.isCompletedExceptionally()) {
                peers = wanted;
            }
            return answer;
        }

        @Override
        public CompletableFuture<Void> transferLeadership(PeerId voter) {
            asked.add("transfer " + voter);
            return answer;
        }
    }

    private void node(int number, NodeState state) {
        String port = ":1" + number;
        NodeDescription description =
                new NodeDescription("z", new Addresses("h" + port, "h" + port, "h" + port, "h" + port), false,
                        1);
        NodeCertificate certificate = new NodeCertificate("a", new Sha256("ab".repeat(32)), 1);
        nodes.put("n" + number, new NodeEntry(number, description, certificate, Optional.empty(), state, 0));
        roster.show(new NodeRoster.Picture(Optional.empty(), nodes));
    }

    @Test
    void addsAFollowerAndPromotesItWhenThePlanSaysSo() {
        node(1, JOINED);
        node(2, JOINED);
        reconciler.step();
        reconciler.step();
        node(3, JOINED);
        reconciler.step();
        reconciler.step();
        assertEquals(List.of("change [n1+, n2-]", "change [n1+, n2+, n3+]"), membership.asked);
        assertEquals(5, membership.peers.getFirst().priority(), "a measured priority is kept");
    }

    private boolean isVoteAwaited(String node) {
        return VoterReconciler.isVoteAwaited(node, roster.picture(), membership.peers);
    }

    @Test
    void whoIsToVoteIsAwaitedUntilItDoes() {
        node(1, JOINED);
        node(2, JOINED);
        reconciler.step();
        assertFalse(isVoteAwaited("n2"), "two nodes have one voter");
        node(3, JOINED);
        assertTrue(isVoteAwaited("n3"));
        assertFalse(isVoteAwaited("n2"), "nobody knows whether the third comes");
        reconciler.step();
        assertFalse(isVoteAwaited("n3"));
        assertFalse(isVoteAwaited("n2"));
        node(4, JOINED);
        assertFalse(isVoteAwaited("n4"), "the fourth follows");
    }

    @Test
    void waitsForAnAdmittedNodeToArrive() {
        absent.add("n2");
        node(1, JOINED);
        node(2, JOINED);
        reconciler.step();
        assertTrue(membership.asked.isEmpty());
        absent.clear();
        reconciler.step();
        assertEquals(List.of("change [n1+, n2-]"), membership.asked);
    }

    @Test
    void removesAnEvictedNode() {
        node(1, JOINED);
        node(2, JOINED);
        reconciler.step();
        node(2, EVICTED);
        reconciler.step();
        assertEquals("change [n1+]", membership.asked.getLast());
    }

    @Test
    void threeGoOnVotingWhileOneOfThemIsDrainedOrAway() {
        node(1, JOINED);
        node(2, JOINED);
        node(3, JOINED);
        reconciler.step();
        membership.asked.clear();
        node(2, new NodeState.Draining());
        reconciler.step();
        node(2, new NodeState.Maintenance("new disk"));
        reconciler.step();
        assertEquals(List.of(), membership.asked);
        node(2, EVICTED);
        reconciler.step();
        assertEquals(List.of("change [n1+, n3-]"), membership.asked);
    }

    @Test
    void aDrainedVoterIsReplacedWhereThreeOthersAre() {
        for (int number = 1; number <= 4; number++) {
            node(number, JOINED);
        }
        reconciler.step();
        membership.asked.clear();
        node(2, new NodeState.Draining());
        reconciler.step();
        assertEquals(List.of("change [n1+, n3+, n4+, n2-]"), membership.asked);
    }

    @Test
    void theLastButOneNodeIsDrainedWithoutItsVote() {
        node(1, JOINED);
        node(2, JOINED);
        reconciler.step();
        node(1, new NodeState.Draining());
        reconciler.step();
        assertEquals("change [n2+, n1-]", membership.asked.getLast());
    }

    @Test
    void anEvictedLeaderHandsOver() {
        node(1, EVICTED);
        node(2, JOINED);
        reconciler.step();
        assertEquals(List.of("transfer n2"), membership.asked);
    }

    @Test
    void doesNothingWhereItDoesNotLead() {
        role = Leadership.Role.VOTER;
        node(1, JOINED);
        node(2, JOINED);
        reconciler.step();
        assertTrue(membership.asked.isEmpty());
    }

    @Test
    void oneChangeAtATimeAndAFailedOneAgain() {
        CompletableFuture<Void> pending = new CompletableFuture<>();
        membership.answer = pending;
        node(1, JOINED);
        node(2, JOINED);
        reconciler.step();
        reconciler.step();
        assertEquals(1, membership.asked.size());
        pending.completeExceptionally(new UnavailableException("n2 does not answer"));
        assertTrue(reconciler.lastFailure().contains("n2 does not answer"), reconciler.lastFailure());
        membership.answer = CompletableFuture.completedFuture(null);
        reconciler.step();
        assertEquals(2, membership.asked.size());
        assertEquals("", reconciler.lastFailure());
    }
}
