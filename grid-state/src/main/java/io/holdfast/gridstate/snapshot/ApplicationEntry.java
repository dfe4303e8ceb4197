package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.catalog.Check;
import java.util.Optional;

/// An application: what it is to be, and what is kept of its snapshots. Unprotected ready snapshots beyond
/// either bound are pruned, oldest first.
///
/// @param keepCount ready snapshots to keep
/// @param keepMillis how long a ready snapshot is kept; `Long.MAX_VALUE` for ever
/// @param readyCount ready snapshots that are not protected
/// @param snapshotCount snapshots in any state
/// @param spec what it is to be; absent if only snapshots are known
/// @param generation the version that last changed the specification; 0 without one
/// @param isStopped whether it is to have no instances, whoever asks
/// @param placedCount slots that are placed on nodes
/// @param base the name of the snapshot that the next instance goes on from, whatever newer ones there are;
/// until another is made
public record ApplicationEntry(
        int keepCount,
        long keepMillis,
        int readyCount,
        int snapshotCount,
        Optional<ApplicationSpec> spec,
        long generation,
        boolean isStopped,
        int placedCount,
        Optional<String> base) {
    /// Snapshots of one application, in any state.
    public static final int SNAPSHOTS_MAX = 10_000;

    public ApplicationEntry {
        Check.range("snapshots to keep", keepCount, 1, SNAPSHOTS_MAX);
        Check.range("a time to keep", keepMillis, 1, Long.MAX_VALUE);
        Check.range("a ready count", readyCount, 0, SNAPSHOTS_MAX);
        Check.range("a snapshot count", snapshotCount, 0, SNAPSHOTS_MAX);
        Check.notNegative("a generation", generation);
        Check.range("a count of placed slots", placedCount, 0, Scaling.COUNT_MAX);
        base.ifPresent(name -> Check.name("a snapshot's name", name));
    }

    /// An application of which nothing is known yet.
    static ApplicationEntry unknown() {
        return new ApplicationEntry(
                SnapshotRules.DEFAULT_KEEP_COUNT, Long.MAX_VALUE, 0, 0, Optional.empty(), 0, false, 0,
                        Optional.empty());
    }

    /// The text by which queries know what it is to do.
    public String state() {
        if (spec.isEmpty()) {
            return "undefined";
        }
        return isStopped ? "stopped" : "running";
    }

    ApplicationEntry withRetention(int count, long millis) {
        return new ApplicationEntry(
                count, millis, readyCount, snapshotCount, spec, generation, isStopped, placedCount, base);
    }

    ApplicationEntry withCounts(int ready, int all) {
        return new ApplicationEntry(
                keepCount, keepMillis, ready, all, spec, generation, isStopped, placedCount, base);
    }

    ApplicationEntry withSpec(Optional<ApplicationSpec> next, long newGeneration) {
        return new ApplicationEntry(
                keepCount, keepMillis, readyCount, snapshotCount, next, newGeneration, isStopped, placedCount,
                        base);
    }

    ApplicationEntry withBase(Optional<String> next, long newGeneration) {
        return new ApplicationEntry(
                keepCount,
                keepMillis,
                readyCount,
                snapshotCount,
                spec,
                newGeneration,
                isStopped,
                placedCount,
                next);
    }

    ApplicationEntry withStopped(boolean stopped) {
        return new ApplicationEntry(
                keepCount, keepMillis, readyCount, snapshotCount, spec, generation, stopped, placedCount,
                        base);
    }

    /// The same with another count of placed slots.
    public ApplicationEntry withPlaced(int count) {
        return new ApplicationEntry(
                keepCount, keepMillis, readyCount, snapshotCount, spec, generation, isStopped, count, base);
    }
}
