package io.holdfast.chaos.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The faults that lie on the network at this moment. Several may lie on one link; each is taken away on its
/// own. Confined to the thread that injects faults.
public final class LinkFaults {
    private final Wire wire;
    private final List<Laid> active = new ArrayList<>();

    public LinkFaults(Wire wire) {
        this.wire = wire;
    }

    /// Lays a fault on the network; whoever did so takes it away.
    ///
    /// @throws UnsupportedOperationException if the wire cannot do it; nothing has changed then
    public Laid lay(Map<Link, LinkCondition> conditions) throws IOException, InterruptedException {
        Laid laid = new Laid(Map.copyOf(conditions));
        active.add(laid);
        try {
            wire.set(combined());
            return laid;
        } catch (UnsupportedOperationException e) {
            active.remove(laid);
            throw e;
        }
    }

    private Map<Link, LinkCondition> combined() {
        Map<Link, LinkCondition> all = new HashMap<>();
        for (Laid laid : active) {
            laid.conditions.forEach((link, condition) -> all.merge(link, condition, LinkCondition::and));
        }
        return all;
    }

    /// A fault that lies on the network.
    public final class Laid {
        private final Map<Link, LinkCondition> conditions;

        private Laid(Map<Link, LinkCondition> conditions) {
            this.conditions = conditions;
        }

        /// Takes it away, once; the others stay.
        public void remove() throws IOException, InterruptedException {
            if (!active.remove(this)) {
                throw new IllegalStateException("this fault was taken away already");
            }
            wire.set(combined());
        }
    }
}
