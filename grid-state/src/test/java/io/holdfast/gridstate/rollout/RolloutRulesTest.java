package io.holdfast.gridstate.rollout;

import static io.holdfast.gridstate.rollout.RolloutCatalogs.GENERATIONS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.INSTANCES;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.LINKS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.OBJECTS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.ROLLOUTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.command.RolloutCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RolloutRulesTest {
    private static final ExpectedVersion ANY = ExpectedVersion.ANY;
    private static final int INSTANCES_COUNT = 12;

    private final GridHarness grid = new GridHarness();

    @Test
    void aLinkLeadsWhereItsGenerationSays() {
        define();
        assertEquals("at/v1", location("i1"));
        assertEquals(
                RefusalCode.EXISTS,
                grid.refuse(new RolloutCommand.AddInstance(new InstanceKey("shop", "x"), link("i1"))));
        grid.accept(new RolloutCommand.ReplaceLink(key("i1"), link("other"), ANY));
        assertTrue(grid.find(LINKS, link("i1")).isEmpty());
        assertEquals("at/v1", grid.get(LINKS, link("other")).location());
        grid.accept(new RolloutCommand.RemoveInstance(key("i1"), ANY));
        assertTrue(grid.find(LINKS, link("other")).isEmpty());
    }

    @Test
    void wavesMoveTheirShareAndNoMore() {
        define();
        plan(0, new Wave.UpTo(10), new Wave.Named(List.of("i9", "nobody")), new Wave.UpTo(100));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new RolloutCommand.MoveLinks("r1", 5)));
        grid.accept(new RolloutCommand.Start("r1", ANY));
        assertEquals(new GridReply.Result.Progressed(1, true), move(1));
        assertEquals(new GridReply.Result.Progressed(1, false), move(5));
        assertEquals(new GridReply.Result.Progressed(0, false), move(5));
        assertEquals(2, movedCount());
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new RolloutCommand.Advance("r1", ANY)));
        judgeMoved();
        grid.accept(new RolloutCommand.Advance("r1", ANY));
        assertEquals(new GridReply.Result.Progressed(1, false), move(5));
        assertEquals("at/v2", location("i9"));
        judgeMoved();
        grid.accept(new RolloutCommand.Advance("r1", ANY));
        assertEquals(new GridReply.Result.Progressed(9, false), move(100));
        judgeMoved();
        grid.accept(new RolloutCommand.Advance("r1", ANY));
        assertInstanceOf(RolloutState.Completed.class, grid.get(ROLLOUTS, "r1").state());
        assertEquals(2, grid.get(OBJECTS, "shop").generation());
    }

    @Test
    void tooManyUnhealthyInstancesSendEveryLinkBack() {
        define();
        plan(1, new Wave.UpTo(50), new Wave.UpTo(100));
        grid.accept(new RolloutCommand.Start("r1", ANY));
        move(100);
        judge("i1", new Verdict.Unhealthy("500"));
        assertInstanceOf(RolloutState.Running.class, grid.get(ROLLOUTS, "r1").state());
        judge("i2", new Verdict.Unhealthy("500"));
        assertInstanceOf(RolloutState.Failed.class, grid.get(ROLLOUTS, "r1").state());
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new RolloutCommand.MoveLinks("r1", 5)));
        assertEquals(new GridReply.Result.Progressed(4, true), sendBack(4));
        assertEquals(new GridReply.Result.Progressed(2, false), sendBack(4));
        assertInstanceOf(RolloutState.RolledBack.class, grid.get(ROLLOUTS, "r1").state());
        assertEquals(0, movedCount());
        for (int i = 1; i <= INSTANCES_COUNT; i++) {
            assertEquals("at/v1", location("i" + i));
        }
        assertTrue(grid.get(OBJECTS, "shop").activeRollout().isEmpty());
    }

    @Test
    void anInstanceRemovedWhileLinksGoBackIsCountedOnce() {
        define();
        plan(0, new Wave.UpTo(100));
        grid.accept(new RolloutCommand.Start("r1", ANY));
        move(100);
        judgeMoved();
        grid.accept(new RolloutCommand.Fail("r1", "no", ANY));
        sendBack(3);
        grid.accept(new RolloutCommand.RemoveInstance(key("i9"), ANY));
        assertEquals(new GridReply.Result.Progressed(INSTANCES_COUNT - 4, false), sendBack(100));
    }

    @Test
    void aCompletedRolloutCanBeUndoneWhileItIsTheNewest() {
        define();
        plan(0, new Wave.UpTo(100));
        grid.accept(new RolloutCommand.Start("r1", ANY));
        move(100);
        judgeMoved();
        grid.accept(new RolloutCommand.Advance("r1", ANY));
        grid.accept(new RolloutCommand.AddInstance(key("late"), link("late")));
        assertEquals("at/v2", location("late"));
        grid.accept(new RolloutCommand.Undo("r1", "worse", ANY));
        assertEquals(new GridReply.Result.Progressed(INSTANCES_COUNT + 1, false), sendBack(100));
        assertEquals("at/v1", location("late"));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new RolloutCommand.Undo("r1", "again", ANY)));
    }

    @Test
    void oneRolloutOfAnObjectAtATime() {
        define();
        plan(0, new Wave.UpTo(100));
        RolloutPlan plan = new RolloutPlan("shop", "v1", List.of(new Wave.UpTo(100)), 0);
        assertEquals(RefusalCode.HELD, grid.refuse(new RolloutCommand.Plan("r2", plan)));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new RolloutCommand.Delete("r1", ANY)));
        grid.accept(new RolloutCommand.Undo("r1", "never mind", ANY));
        grid.accept(new RolloutCommand.Plan("r2", plan));
        assertEquals(3, grid.get(ROLLOUTS, "r2").generation());
        assertEquals("at/v1", grid.get(GENERATIONS, new GenerationKey("shop", 3)).location());
        assertEquals(RefusalCode.IN_USE, grid.refuse(new RolloutCommand.DeleteObject("shop", ANY)));
    }

    @Test
    void aPausedRolloutMovesNothing() {
        define();
        plan(0, new Wave.UpTo(100));
        grid.accept(new RolloutCommand.Start("r1", ANY));
        move(3);
        grid.accept(new RolloutCommand.Pause("r1", ANY));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new RolloutCommand.MoveLinks("r1", 5)));
        judge("i1", new Verdict.Healthy());
        grid.accept(new RolloutCommand.Resume("r1", ANY));
        assertEquals(new GridReply.Result.Progressed(INSTANCES_COUNT - 3, false), move(100));
    }

    @Test
    void aVerdictOnAnotherGenerationIsRefused() {
        define();
        plan(0, new Wave.UpTo(10), new Wave.UpTo(100));
        grid.accept(new RolloutCommand.Start("r1", ANY));
        move(100);
        assertEquals(
                RefusalCode.VERSION_MISMATCH,
                grid.refuse(new RolloutCommand.Judge("r1", "i1", 1, new Verdict.Healthy())));
        assertEquals(
                RefusalCode.VERSION_MISMATCH,
                grid.refuse(new RolloutCommand.Judge("r1", "i9", 2, new Verdict.Healthy())));
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new RolloutCommand.Judge("r1", "i1", 2, new Verdict.Pending())));
    }

    @Test
    void generationsAreBounded() {
        define();
        for (int i = 0; i < RolloutRules.GENERATIONS_KEPT + 10; i++) {
            plan(0, new Wave.UpTo(100));
            grid.apply(new RolloutCommand.Undo("r1", "", ANY));
            grid.apply(new RolloutCommand.Delete("r1", ANY));
        }
        assertTrue(grid.find(GENERATIONS, new GenerationKey("shop", 1)).isPresent());
        assertTrue(grid.find(GENERATIONS, new GenerationKey("shop", 2)).isEmpty());
        assertEquals("at/v1", location("i1"));
    }

    @Test
    void aPlanTakesEverybodyInTheEnd() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RolloutPlan("shop", "v2", List.of(new Wave.UpTo(50)), 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RolloutPlan(
                        "shop", "v2", List.of(new Wave.UpTo(50), new Wave.UpTo(50), new Wave.UpTo(100)), 0));
    }

    private void define() {
        grid.accept(new RolloutCommand.DefineObject("shop", new ObjectVersion("v1", "at/v1")));
        grid.accept(new RolloutCommand.AddVersion("shop", new ObjectVersion("v2", "at/v2"), ANY));
        for (int i = 1; i <= INSTANCES_COUNT; i++) {
            grid.accept(new RolloutCommand.AddInstance(key("i" + i), link("i" + i)));
        }
    }

    private void plan(int unhealthyMax, Wave... waves) {
        grid.accept(new RolloutCommand.Plan(
                "r1", new RolloutPlan("shop", "v2", List.of(waves), unhealthyMax)));
    }

    private GridReply.Result move(int limit) {
        return grid.accept(new RolloutCommand.MoveLinks("r1", limit)).result();
    }

    private GridReply.Result sendBack(int limit) {
        return grid.accept(new RolloutCommand.SendBack("r1", limit)).result();
    }

    private void judge(String instance, Verdict verdict) {
        grid.accept(new RolloutCommand.Judge("r1", instance, 2, verdict));
    }

    private void judgeMoved() {
        for (int i = 1; i <= INSTANCES_COUNT; i++) {
            if (grid.get(INSTANCES, key("i" + i)).generation() == 2) {
                judge("i" + i, new Verdict.Healthy());
            }
        }
    }

    private int movedCount() {
        return grid.get(ROLLOUTS, "r1").progress().moved();
    }

    private String location(String instance) {
        LinkEntry link = grid.get(LINKS, grid.get(INSTANCES, key(instance)).link());
        assertEquals(key(instance), link.instance());
        return link.location();
    }

    private static InstanceKey key(String name) {
        return new InstanceKey("shop", name);
    }

    private static LinkId link(String seed) {
        return new LinkId("%032x".formatted(new java.math.BigInteger(1, seed.getBytes(
                java.nio.charset.StandardCharsets.UTF_8))));
    }
}
