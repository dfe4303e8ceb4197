package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.LeaseEvent;
import java.util.List;

/// What the lease protects: keeps the newest token it has seen and refuses older ones.
final class ModelStore {
    private final Bug bug;
    private final List<LeaseEvent> events;
    private long newestToken;

    ModelStore(Bug bug, List<LeaseEvent> events) {
        this.bug = bug;
        this.events = events;
    }

    void use(String holder, long token, long atNanos) {
        if (token >= newestToken || bug == Bug.ACCEPT_OLD_TOKEN) {
            newestToken = Math.max(newestToken, token);
            events.add(new LeaseEvent.Used(ModelClient.LEASE, holder, token, atNanos, atNanos));
        }
    }
}
