package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Judges watch streams, each resumed any number of times: positions only grow, nothing comes twice, nothing
/// that another watcher saw between this one's first and last event is missing, and a position means the
/// same change to everybody. Linear time. Immutable.
public final class WatchChecker {
    /// A position came again, or after a later one.
    public static final String REPEATED = "watch-repeat";
    /// A change was never delivered.
    public static final String GAP = "watch-gap";
    /// Two watchers saw different changes at one position.
    public static final String DIFFERENT = "watch-difference";

    /// Judges all streams together.
    ///
    /// @param streams events in order of arrival, by watcher
    public Verdict check(Map<String, List<WatchEvent>> streams) {
        Findings findings = new Findings("watch");
        NavigableMap<WatchEvent, WatchEvent> all = new TreeMap<>();
        streams.forEach((watcher, events) -> {
            checkOrder(findings, watcher, events);
            merge(findings, watcher, events, all);
            findings.checked(events.size());
        });
        streams.forEach((watcher, events) -> checkComplete(findings, watcher, events, all));
        return findings.verdict();
    }

    private static void checkOrder(Findings findings, String watcher, List<WatchEvent> events) {
        for (int i = 1; i < events.size(); i++) {
            if (events.get(i).compareTo(events.get(i - 1)) <= 0) {
                findings.add(REPEATED, watcher, events.get(i) + " after " + events.get(i - 1));
            }
        }
    }

    private static void merge(
            Findings findings,
            String watcher,
            List<WatchEvent> events,
            NavigableMap<WatchEvent, WatchEvent> all) {
        for (WatchEvent event : events) {
            WatchEvent seen = all.putIfAbsent(event, event);
            if (seen != null && !seen.content().equals(event.content())) {
                findings.add(DIFFERENT, watcher, event + " but another watcher saw " + seen);
            }
        }
    }

    private static void checkComplete(
            Findings findings,
            String watcher,
            List<WatchEvent> events,
            NavigableMap<WatchEvent, WatchEvent> all) {
        if (events.isEmpty()) {
            return;
        }
        List<WatchEvent> own = new ArrayList<>(events);
        own.sort(null);
        int next = 0;
        for (WatchEvent expected : all.subMap(own.getFirst(), true, own.getLast(), true).keySet()) {
            while (own.get(next).compareTo(expected) < 0) {
                next++;
            }
            if (own.get(next).compareTo(expected) > 0) {
                findings.add(GAP, watcher, expected + " missing, next seen " + own.get(next));
            }
        }
    }
}
