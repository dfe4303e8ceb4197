package io.holdfast.gridstate.placement;

import static io.holdfast.gridstate.placement.PlacementCatalogs.PLACEMENTS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.APPLICATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PlacementRulesTest {
    private static final ApplicationKey SHOP = Samples.APPLICATION;
    private static final PlacementKey FIRST = new PlacementKey(SHOP, 0);
    private static final long LEASE_MILLIS = 5_000;

    private final GridHarness grid = GridHarness.founded();
    private long generation;
    private FencingToken first = new FencingToken(0);

    @BeforeEach
    void defineAndTakeTheLease() {
        grid.accept(new ApplicationCommand.Define(SHOP, Samples.APPLICATION_SPEC, ExpectedVersion.ABSENT));
        generation = grid.get(APPLICATIONS, SHOP).generation();
        first = lease("n1");
    }

    @Test
    void aSlotIsClaimedOnce() {
        grid.accept(claim("n1", first));
        grid.accept(claim("n1", first));
        assertEquals(1, grid.get(APPLICATIONS, SHOP).placedCount());
        FencingToken again = lease("n1");
        assertEquals(RefusalCode.FENCED, grid.refuse(claim("n1", first)),
                "the node has another lease by now");
        grid.accept(claim("n1", again));
        assertEquals(again, grid.get(PLACEMENTS, FIRST).host());
        assertEquals(1, grid.get(APPLICATIONS, SHOP).placedCount());
    }

    @Test
    void aSlotOfANodeThatLostItsLeaseIsFree() {
        admit("n2");
        FencingToken second = lease("n2");
        grid.accept(claim("n1", first));
        assertEquals(RefusalCode.HELD, grid.refuse(claim("n2", second)));
        grid.elapse(LEASE_MILLIS);
        second = lease("n2");
        grid.accept(claim("n2", second));
        assertEquals("n2", grid.get(PLACEMENTS, FIRST).node());
        assertEquals(
                RefusalCode.FENCED,
                grid.refuse(report("n1", first, new PlacementState.Freezing(grid.timeMillis()))));
        grid.accept(new ApplicationCommand.Release(FIRST, "n1", first));
        assertEquals("n2", grid.get(PLACEMENTS, FIRST).node(), "the old one gives nothing back");
    }

    @Test
    void anybodyGivesBackWhatALostNodeHeld() {
        admit("n2");
        FencingToken second = lease("n2");
        grid.accept(claim("n1", first));
        grid.accept(new ApplicationCommand.Release(FIRST, "n2", second));
        assertTrue(grid.find(PLACEMENTS, FIRST).isPresent(), "it is held");
        grid.elapse(LEASE_MILLIS);
        grid.accept(new ApplicationCommand.Release(FIRST, "n2", second));
        assertEquals(Optional.empty(), grid.find(PLACEMENTS, FIRST));
        assertEquals(0, grid.get(APPLICATIONS, SHOP).placedCount());
    }

    @Test
    void aClaimNeedsALeaseANodeThatTakesPartAndTheNewestGeneration() {
        assertEquals(RefusalCode.FENCED, grid.refuse(claim("n1", new FencingToken(1))));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(claim("n9", first)));
        assertEquals(
                RefusalCode.VERSION_MISMATCH,
                grid.refuse(new ApplicationCommand.Claim(FIRST, "n1", first, generation - 1)));
        assertEquals(
                RefusalCode.QUOTA_EXCEEDED,
                grid.refuse(new ApplicationCommand.Claim(
                        new PlacementKey(SHOP, 2), "n1", first, generation)));
        grid.accept(new ClusterCommand.DrainNode("n1", ExpectedVersion.ANY));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(claim("n1", first)));
    }

    @Test
    void aStoppedApplicationIsNotClaimedAndOneWithInstancesNotDeleted() {
        grid.accept(claim("n1", first));
        assertEquals(
                RefusalCode.IN_USE, grid.refuse(new ApplicationCommand.Delete(SHOP, ExpectedVersion.ANY)));
        grid.accept(new ApplicationCommand.SetStopped(SHOP, true, ExpectedVersion.ANY));
        grid.accept(new ApplicationCommand.Release(FIRST, "n1", first));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(claim("n1", first)));
        grid.accept(new ApplicationCommand.Delete(SHOP, ExpectedVersion.ANY));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(claim("n1", first)));
        assertEquals(Optional.empty(), grid.find(APPLICATIONS, SHOP));
    }

    @Test
    void aNewSpecificationIsANewGenerationAndTheSameOneIsNot() {
        grid.accept(new ApplicationCommand.SetStopped(SHOP, true, ExpectedVersion.ANY));
        grid.accept(new ApplicationCommand.Define(SHOP, Samples.APPLICATION_SPEC, ExpectedVersion.ANY));
        assertEquals(generation, grid.get(APPLICATIONS, SHOP).generation());
        assertEquals("running", grid.get(APPLICATIONS, SHOP).state());
        assertEquals(
                RefusalCode.VERSION_MISMATCH,
                grid.refuse(new ApplicationCommand.Define(
                        SHOP, Samples.APPLICATION_SPEC, ExpectedVersion.ABSENT)));
    }

    @Test
    void anotherNumberOfInstancesIsNoNewGenerationButAnotherIdleTimeIs() {
        Scaling known = Samples.APPLICATION_SPEC.scaling();
        Scaling more = new Scaling(
                known.countMin() + 1, known.countMax() + 5, 7, known.idleMillis(), known.onIdle());
        grid.accept(new ApplicationCommand.Define(
                SHOP, Samples.APPLICATION_SPEC.withScaling(more), ExpectedVersion.ANY));
        assertEquals(generation, grid.get(APPLICATIONS, SHOP).generation());
        assertEquals(Optional.of(more), grid.get(APPLICATIONS, SHOP).spec().map(ApplicationSpec::scaling));
        Scaling idler = new Scaling(
                more.countMin(), more.countMax(), 7, more.idleMillis() + 1, more.onIdle());
        grid.accept(new ApplicationCommand.Define(
                SHOP, Samples.APPLICATION_SPEC.withScaling(idler), ExpectedVersion.ANY));
        assertTrue(grid.get(APPLICATIONS, SHOP).generation() > generation);
    }

    @Test
    void aSlotsStateIsWhatItsNodeSays() {
        grid.accept(claim("n1", first));
        assertInstanceOf(PlacementState.Starting.class, grid.get(PLACEMENTS, FIRST).state());
        PlacementState ready = new PlacementState.Ready(grid.timeMillis(), Optional.of("s1"));
        grid.accept(report("n1", first, ready));
        assertEquals(ready, grid.get(PLACEMENTS, FIRST).state());
        assertEquals(
                RefusalCode.NOT_FOUND,
                grid.refuse(new ApplicationCommand.Report(new PlacementKey(SHOP, 1), "n1", first, ready)));
    }

    private ApplicationCommand claim(String node, FencingToken host) {
        return new ApplicationCommand.Claim(FIRST, node, host, generation);
    }

    private static ApplicationCommand report(String node, FencingToken host, PlacementState state) {
        return new ApplicationCommand.Report(FIRST, node, host, state);
    }

    private FencingToken lease(String node) {
        GridReply.Result result = grid.accept(
                        new LeaseCommand.Acquire(PlacementEntry.leaseOf(node), node, LEASE_MILLIS))
                .result();
        return assertInstanceOf(GridReply.Result.Granted.class, result).token();
    }

    private void admit(String node) {
        grid.accept(new ClusterCommand.CreateJoinToken("j-" + node, Samples.HASH, Long.MAX_VALUE));
        grid.accept(new ClusterCommand.AdmitNode(
                node, description(), Samples.CERTIFICATE, "j-" + node, Samples.HASH));
    }

    private static NodeDescription description() {
        return new NodeDescription(
                "z1", Samples.description("z1", false).addresses(), false, GridCodec.LEVEL_MAX);
    }
}
