package io.holdfast.chaos.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What carries the model's messages: late, in any order, sometimes not at all.
final class ModelNetwork {
    private static final int LOSS_PER_MILLE = 10;
    private static final long LATENCY_MILLIS_MIN = 1;
    private static final long LATENCY_MILLIS_MAX = 8;

    private final EventQueue queue;
    private final List<ModelNode> nodes = new ArrayList<>();
    private Set<Integer> minority = new HashSet<>();

    ModelNetwork(EventQueue queue) {
        this.queue = queue;
    }

    void add(ModelNode node) {
        nodes.add(node);
    }

    List<ModelNode> nodes() {
        return nodes;
    }

    int majority() {
        return nodes.size() / 2 + 1;
    }

    /// Cuts these off from the others, and nobody else.
    void cutOff(Set<Integer> cutOff) {
        minority = new HashSet<>(cutOff);
    }

    void send(int from, int to, ModelMessage message) {
        if (queue.chance(LOSS_PER_MILLE)) {
            return;
        }
        queue.afterBetween(LATENCY_MILLIS_MIN, LATENCY_MILLIS_MAX, () -> {
            if (minority.contains(from) == minority.contains(to)) {
                nodes.get(to).receive(message);
            }
        });
    }

    void broadcast(int from, ModelMessage message) {
        for (int to = 0; to < nodes.size(); to++) {
            if (to != from) {
                send(from, to, message);
            }
        }
    }
}
