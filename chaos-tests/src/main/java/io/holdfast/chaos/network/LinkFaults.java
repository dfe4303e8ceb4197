package io.holdfast.chaos.network;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The faults that lie on the network at this moment. Several may lie on one link; each is taken away on its
/// own. Confined to the thread that injects faults.
public final class LinkFaults {
    private final Wire wire;
    private final Map<String, Map<Link, LinkCondition>> active = new LinkedHashMap<>();

    public LinkFaults(Wire wire) {
        this.wire = wire;
    }

    /// Lays a fault on the network under a name by which it is taken away.
    public void add(String name, Map<Link, LinkCondition> conditions)
            throws IOException, InterruptedException {
        if (active.putIfAbsent(name, Map.copyOf(conditions)) != null) {
            throw new IllegalStateException("this fault lies on the network already: " + name);
        }
        try {
            wire.set(combined());
        } catch (UnsupportedOperationException e) {
            active.remove(name);
            throw e;
        }
    }

    /// Takes it away; the others stay.
    public void remove(String name) throws IOException, InterruptedException {
        if (active.remove(name) == null) {
            throw new IllegalStateException("no such fault lies on the network: " + name);
        }
        wire.set(combined());
    }

    private Map<Link, LinkCondition> combined() {
        Map<Link, LinkCondition> all = new HashMap<>();
        active.values().forEach(conditions -> conditions.forEach(
                (link, condition) -> all.merge(link, condition, LinkCondition::and)));
        return all;
    }
}
