package io.holdfast.gridstate.cluster;

import static io.holdfast.gridstate.cluster.ClusterCatalogs.CLUSTER;
import static io.holdfast.gridstate.cluster.ClusterCatalogs.JOIN_TOKENS;
import static io.holdfast.gridstate.cluster.ClusterCatalogs.NODES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import org.junit.jupiter.api.Test;

final class ClusterRulesTest {
    private static final Sha256 SECRET = new Sha256("5e".repeat(32));
    private static final ExpectedVersion ANY = ExpectedVersion.ANY;

    private final GridHarness grid = new GridHarness();

    @Test
    void isFoundedOnce() {
        found();
        assertEquals(
                RefusalCode.EXISTS,
                grid.refuse(new ClusterCommand.Found(
                        "c-2", "b", "n9", Samples.description("z", true), certificate(9))));
        assertEquals(1, grid.get(NODES, "n1").number());
    }

    @Test
    void aTokenAdmitsOneNode() {
        found();
        token("j1");
        assertEquals(2, number(grid.accept(admit("n2", "j1"))));
        assertTrue(grid.find(JOIN_TOKENS, "j1").isEmpty());
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(admit("n3", "j1")));
    }

    @Test
    void aWrongSecretLooksLikeNoToken() {
        found();
        token("j1");
        ClusterCommand wrong = new ClusterCommand.AdmitNode(
                "n2", Samples.description("z", true), certificate(2), "j1", new Sha256("00".repeat(32)));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(wrong));
        assertTrue(grid.find(JOIN_TOKENS, "j1").isPresent());
    }

    @Test
    void aTokenExpires() {
        found();
        token("j1");
        grid.elapse(60_000);
        assertEquals(RefusalCode.EXPIRED, grid.refuse(admit("n2", "j1")));
        token("j2");
        assertTrue(grid.find(JOIN_TOKENS, "j1").isEmpty());
    }

    @Test
    void aRevokedTokenAdmitsNobody() {
        found();
        token("j1");
        grid.accept(new ClusterCommand.RevokeJoinToken("j1"));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(admit("n2", "j1")));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(new ClusterCommand.RevokeJoinToken("j1")));
    }

    @Test
    void anEvictedNodeNeedsANewTokenAndGetsANewNumber() {
        found();
        token("j1");
        grid.accept(admit("n2", "j1"));
        grid.accept(new ClusterCommand.EvictNode("n2", "gone", ANY));
        NodeEntry evicted = grid.get(NODES, "n2");
        assertFalse(evicted.accepts(evicted.certificate().fingerprint().value()));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new ClusterCommand.ResumeNode("n2", ANY)));
        token("j2");
        assertEquals(3, number(grid.accept(admit("n2", "j2"))));
        assertEquals(2, grid.get(CLUSTER, ClusterEntry.KEY).nodeCount());
    }

    @Test
    void theLastNodeStays() {
        found();
        assertEquals(
                RefusalCode.FORBIDDEN_STATE, grid.refuse(new ClusterCommand.EvictNode("n1", "x", ANY)));
    }

    @Test
    void aRenewedCertificateLeavesTheOneBeforeGood() {
        found();
        grid.accept(new ClusterCommand.RenewCertificate("n1", certificate(2), ANY));
        NodeEntry node = grid.get(NODES, "n1");
        assertTrue(node.accepts(certificate(1).fingerprint().value()));
        assertTrue(node.accepts(certificate(2).fingerprint().value()));
        grid.accept(new ClusterCommand.RenewCertificate("n1", certificate(3), ANY));
        assertFalse(grid.get(NODES, "n1").accepts(certificate(1).fingerprint().value()));
    }

    @Test
    void drainsMaintainsAndResumes() {
        found();
        long version = grid.accept(new ClusterCommand.DrainNode("n1", ANY)).version();
        assertEquals(
                RefusalCode.VERSION_MISMATCH,
                grid.refuse(new ClusterCommand.MaintainNode("n1", "disk", ExpectedVersion.of(version - 1))));
        grid.accept(new ClusterCommand.MaintainNode("n1", "disk", ExpectedVersion.of(version)));
        assertEquals(new NodeState.Maintenance("disk"), grid.get(NODES, "n1").state());
        grid.accept(new ClusterCommand.ResumeNode("n1", ANY));
        assertInstanceOf(NodeState.Joined.class, grid.get(NODES, "n1").state());
    }

    @Test
    void theLevelRisesOnlyWhenEveryNodeUnderstandsIt() {
        found();
        grid.accept(new ClusterCommand.RaiseLevel(1));
        assertEquals(RefusalCode.UNSUPPORTED_LEVEL, grid.refuse(new ClusterCommand.RaiseLevel(2)));
    }

    private void found() {
        grid.accept(new ClusterCommand.Found(
                "c-1", "home", "n1", Samples.description("z1", true), certificate(1)));
    }

    private void token(String id) {
        grid.accept(new ClusterCommand.CreateJoinToken(id, SECRET, grid.timeMillis() + 60_000));
    }

    private static ClusterCommand admit(String node, String token) {
        return new ClusterCommand.AdmitNode(
                node, Samples.description("z2", false), certificate(7), token, SECRET);
    }

    private static NodeCertificate certificate(int number) {
        return new NodeCertificate(
                Integer.toString(number), new Sha256(("0" + number).repeat(32)), Long.MAX_VALUE);
    }

    private static long number(GridReply.Accepted accepted) {
        return assertInstanceOf(GridReply.Result.Assigned.class, accepted.result()).number();
    }
}
