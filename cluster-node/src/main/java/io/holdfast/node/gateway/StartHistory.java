package io.holdfast.node.gateway;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.http.port.StartView.Start;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The last starts of each application on this node, as long as the node runs. Bounded: of the applications
/// that started longest ago nothing is known. Concurrent: guarded by its own lock.
public final class StartHistory {
    /// Of one application.
    static final int STARTS_MAX = 64;

    static final int APPLICATIONS_MAX = 1_000;

    private final String node;
    private final InstantSource clock;
    private final Map<ApplicationKey, Deque<Start>> known =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ApplicationKey, Deque<Start>> eldest) {
                    return size() > APPLICATIONS_MAX;
                }
            };

    public StartHistory(String node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    /// Whose history it is.
    public String node() {
        return node;
    }

    /// Keeps a start.
    ///
    /// @param kind how the instance came to be ready
    /// @param snapshot that it goes on from; empty for none
    public synchronized void note(ApplicationKey application, String kind, String snapshot, long micros) {
        Deque<Start> starts = known.computeIfAbsent(application, _ -> new ArrayDeque<>());
        if (starts.size() == STARTS_MAX) {
            starts.removeFirst();
        }
        starts.addLast(new Start(node, clock.millis(), kind, snapshot, micros));
    }

    /// The starts of an application, the oldest first.
    public synchronized List<Start> of(ApplicationKey application) {
        Deque<Start> starts = known.get(application);
        return starts == null ? List.of() : new ArrayList<>(starts);
    }
}
