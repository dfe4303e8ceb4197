package io.holdfast.gridstate.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.layer.LayerState;
import io.holdfast.gridstate.operation.OperationState;
import io.holdfast.gridstate.rollout.RolloutState;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.testing.SampleRecords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/// Walks every pair of states of every machine against what is written here once more, by hand.
final class TransitionsTest {
    @Test
    void chunks() {
        check(
                ChunkState.class,
                ChunkState.TRANSITIONS,
                "AtRisk-Released AtRisk-Sealed Open-AtRisk Open-Sealed Sealed-AtRisk Sealed-Released");
    }

    @Test
    void snapshots() {
        check(
                SnapshotState.class,
                SnapshotState.TRANSITIONS,
                "Making-Condemned Making-Ready Ready-Condemned");
    }

    @Test
    void layers() {
        check(
                LayerState.class,
                LayerState.TRANSITIONS,
                "Reclaimable-Referenced Referenced-Unreferenced Unreferenced-Reclaimable"
                        + " Unreferenced-Referenced");
    }

    @Test
    void rollouts() {
        check(
                RolloutState.class,
                RolloutState.TRANSITIONS,
                "Completed-Failed Failed-RolledBack Paused-Failed Paused-Running Planned-RolledBack"
                        + " Planned-Running Running-Completed Running-Failed Running-Paused Running-Running");
    }

    @Test
    void nodes() {
        check(
                NodeState.class,
                NodeState.TRANSITIONS,
                "Draining-Evicted Draining-Joined Draining-Maintenance Evicted-Joined Joined-Draining"
                        + " Joined-Evicted Joined-Maintenance Maintenance-Draining Maintenance-Evicted"
                        + " Maintenance-Joined");
    }

    @Test
    void operations() {
        check(
                OperationState.class,
                OperationState.TRANSITIONS,
                "Cancelling-Cancelled Cancelling-Failed Cancelling-Succeeded Running-Cancelling"
                        + " Running-Failed Running-Succeeded");
    }

    private static <S> void check(Class<S> machine, Transitions<S> transitions, String edges) {
        List<S> states = states(machine);
        assertEquals(machine.getPermittedSubclasses().length, states.size());
        assertEquals(
                new HashSet<>(Arrays.asList(machine.getPermittedSubclasses())),
                transitions.edges().keySet());
        StringJoiner found = new StringJoiner(" ");
        for (S from : states) {
            for (S to : states) {
                if (transitions.allows(from, to)) {
                    found.add(from.getClass().getSimpleName() + "-" + to.getClass().getSimpleName());
                    assertEquals(to, transitions.step(from, to));
                } else {
                    assertThrows(IllegalStateException.class, () -> transitions.step(from, to));
                }
            }
        }
        assertEquals(edges, found.toString());
    }

    private static <S> List<S> states(Class<S> machine) {
        List<S> states = new ArrayList<>();
        Set<Class<?>> seen = new HashSet<>();
        for (Record each : SampleRecords.all()) {
            if (machine.isInstance(each) && seen.add(each.getClass())) {
                states.add(machine.cast(each));
            }
        }
        states.sort((some, other) ->
                some.getClass().getSimpleName().compareTo(other.getClass().getSimpleName()));
        assertTrue(states.size() > 1);
        return states;
    }
}
