package io.holdfast.node.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NodeLifeTest {
    private static final List<NodeState> ALL = List.of(
            new NodeState.Starting(), new NodeState.CatchingUp(), new NodeState.Ready(),
            new NodeState.Evicted(), new NodeState.Stopping(), new NodeState.Settled(),
            new NodeState.Stopped(), new NodeState.Failed("x"));

    @Test
    void everyStateStandsInTheTable() {
        assertEquals(NodeState.class.getPermittedSubclasses().length, NodeState.EDGES.size());
        assertEquals(NodeState.EDGES.size(), ALL.size());
    }

    @Test
    void exactlyTheEdgesOfTheTableAreTaken() {
        for (NodeState from : ALL) {
            for (NodeState to : ALL) {
                if (from.equals(to)) {
                    continue;
                }
                boolean isEdge = NodeState.EDGES.get(from.getClass()).contains(to.getClass());
                assertEquals(isEdge, lifeIn(from).tryEnter(to, "test"), from.label() + " -> " + to.label());
            }
        }
    }

    private static NodeLife lifeIn(NodeState wanted) {
        NodeLife life = new NodeLife(() -> Instant.EPOCH);
        List<NodeState> path = switch (wanted) {
            case NodeState.Starting _ -> List.of();
            case NodeState.Ready _, NodeState.Evicted _ -> List.of(new NodeState.CatchingUp(), wanted);
            case NodeState.Stopped _, NodeState.Settled _ -> List.of(new NodeState.Stopping(), wanted);
            case NodeState.CatchingUp _, NodeState.Stopping _, NodeState.Failed _ -> List.of(wanted);
        };
        path.forEach(state -> life.enter(state, "on the way"));
        assertEquals(wanted, life.state());
        return life;
    }

    @Test
    void tellsListenersEachStepInOrder() {
        NodeLife life = new NodeLife(() -> Instant.EPOCH);
        List<String> seen = new ArrayList<>();
        life.onTransition(t -> seen.add(t.from().label() + ">" + t.state().label()));
        life.enter(new NodeState.CatchingUp(), "opened");
        life.enter(new NodeState.CatchingUp(), "again");
        life.enter(new NodeState.Ready(), "caught up");
        assertEquals(List.of("Starting>CatchingUp", "CatchingUp>Ready"), seen);
    }

    @Test
    void nothingFollowsStopped() {
        NodeLife life = lifeIn(new NodeState.Stopped());
        assertEquals(Set.of(), NodeState.EDGES.get(NodeState.Stopped.class));
        assertFalse(life.tryEnter(new NodeState.Ready(), "no"));
        assertThrows(IllegalStateException.class, () -> life.enter(new NodeState.Ready(), "no"));
    }
}
