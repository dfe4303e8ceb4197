package io.holdfast.node.lifecycle;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state machine of a node's life. Concurrent: guarded by its own lock; listeners are called under it,
/// in order, and must not block.
public final class NodeLife {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

    private final InstantSource clock;
    private final List<Consumer<Transition>> listeners = new CopyOnWriteArrayList<>();
    private volatile Transition last;

    /// One step of the life.
    ///
    /// @param from the state before
    /// @param state the state since
    /// @param reason why
    /// @param at when
    public record Transition(NodeState from, NodeState state, String reason, Instant at) {}

    public NodeLife(InstantSource clock) {
        this.clock = clock;
        NodeState first = new NodeState.Starting();
        this.last = new Transition(first, first, "process started", clock.instant());
    }

    public NodeState state() {
        return last.state();
    }

    public Transition lastTransition() {
        return last;
    }

    public void onTransition(Consumer<Transition> listener) {
        listeners.add(listener);
    }

    /// Enters the state; entering the state it is in does nothing.
    public synchronized void enter(NodeState next, String reason) {
        NodeState current = last.state();
        if (current.equals(next)) {
            return;
        }
        if (!allows(current, next)) {
            throw new IllegalStateException(
                    "no edge: from=" + current.label() + " to=" + next.label() + " reason=" + reason);
        }
        last = new Transition(current, next, reason, clock.instant());
        LOG.info("node {} -> {}: reason={}", current.label(), next.label(), reason);
        for (Consumer<Transition> listener : listeners) {
            listener.accept(last);
        }
    }

    /// Enters the state if there is an edge to it from the present one, and says whether it is in it now.
    public synchronized boolean tryEnter(NodeState next, String reason) {
        if (last.state().equals(next)) {
            return true;
        }
        if (!allows(last.state(), next)) {
            return false;
        }
        enter(next, reason);
        return true;
    }

    private static boolean allows(NodeState from, NodeState to) {
        return NodeState.EDGES.getOrDefault(from.getClass(), java.util.Set.of()).contains(to.getClass());
    }
}
