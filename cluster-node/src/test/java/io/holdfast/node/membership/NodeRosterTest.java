package io.holdfast.node.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.node.identity.ClusterCertificate;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class NodeRosterTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
    private static final NodeState JOINED = new NodeState.Joined();

    private final NodeRoster roster = new NodeRoster(() -> NOW, "self", () -> "5");

    private static NodeCertificate certificate(String serial, long notAfterMillis) {
        return new NodeCertificate(serial, new Sha256("ab".repeat(32)), notAfterMillis);
    }

    private static NodeEntry node(String serial, Optional<NodeCertificate> before, NodeState state) {
        NodeDescription description = new NodeDescription(
                "z1", new Addresses("h:1", "h:2", "h:3", "h:4"), false, 1);
        return new NodeEntry(1, description, certificate(serial, Long.MAX_VALUE), before, state, 0);
    }

    private void show(NodeEntry n1) {
        show("n1", n1);
    }

    private void show(String name, NodeEntry node) {
        roster.show(new NodeRoster.Picture(Optional.empty(), Map.of(name, node)));
    }

    private boolean admits(ClusterCertificate.Kind kind, String name, long serial) {
        return roster.refusal(new ClusterCertificate(
                kind, name, "c", BigInteger.valueOf(serial), Instant.EPOCH, Instant.MAX)).isEmpty();
    }

    private boolean admitsNode(String name, long serial) {
        return admits(ClusterCertificate.Kind.NODE, name, serial);
    }

    @Test
    void admitsWhomTheAuthoritySignedForWhileTheLedgerIsEmpty() {
        assertTrue(admitsNode("n7", 7));
        assertTrue(roster.isMember("n7"));
    }

    @Test
    void admitsOnlyRegisteredCertificatesOfMembers() {
        show(node("a", Optional.empty(), JOINED));
        assertTrue(admitsNode("n1", 10));
        assertFalse(admitsNode("n1", 11));
        assertFalse(admitsNode("n2", 10));
        assertFalse(roster.isMember("n2"));
    }

    @Test
    void admitsTheCertificateBeforeUntilItExpires() {
        show(node("b", Optional.of(certificate("a", NOW.toEpochMilli() + 1)), JOINED));
        assertTrue(admitsNode("n1", 10));
        show(node("b", Optional.of(certificate("a", NOW.toEpochMilli())), JOINED));
        assertFalse(admitsNode("n1", 10));
        assertTrue(admitsNode("n1", 11));
    }

    @Test
    void refusesAnEvictedNode() {
        show(node("a", Optional.empty(), new NodeState.Evicted("gone", 1)));
        assertFalse(admitsNode("n1", 10));
        assertFalse(roster.isMember("n1"));
        assertTrue(roster.picture().members().isEmpty());
    }

    @Test
    void aNodeThatJoinedAgainIsNotWhoWasEvictedBefore() {
        NodeState gone = new NodeState.Evicted("gone", 1);
        show("n1", node("a", Optional.empty(), JOINED));
        assertTrue(roster.isMember("self"), "the picture is older than its joining");
        show("self", node("4", Optional.empty(), gone));
        assertFalse(roster.isSelfEvicted());
        assertTrue(roster.isMember("self"), "evicted was whoever had another certificate");
        show("self", node("5", Optional.empty(), gone));
        assertTrue(roster.isSelfEvicted());
        assertFalse(roster.isMember("self"));
        Optional<NodeCertificate> before = Optional.of(certificate("5", NOW.toEpochMilli() + 1));
        show("self", node("6", before, gone));
        assertFalse(roster.isMember("self"), "evicted while its certificate was replaced");
    }

    @Test
    void leavesUsersToTheirRoles() {
        show(node("a", Optional.empty(), JOINED));
        assertTrue(admits(ClusterCertificate.Kind.USER, "alice", 99));
    }

    @Test
    void tellsListenersOfChangesOnly() {
        AtomicInteger changes = new AtomicInteger();
        roster.onChange(changes::incrementAndGet);
        show(node("a", Optional.empty(), JOINED));
        show(node("a", Optional.empty(), JOINED));
        assertEquals(1, changes.get());
    }
}
