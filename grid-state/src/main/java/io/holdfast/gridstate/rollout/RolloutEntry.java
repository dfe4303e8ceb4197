package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// A rollout and how far it is.
///
/// @param plan what it shall do
/// @param generation the one it takes links to
/// @param base the one it takes them from
/// @param state what may happen to it
/// @param progress how far it is
/// @param createdMillis when it was planned
public record RolloutEntry(
        RolloutPlan plan,
        int generation,
        int base,
        RolloutState state,
        Progress progress,
        long createdMillis) {
    /// Counts of a rollout's instances.
    ///
    /// @param moved links at its generation
    /// @param healthy of these, judged so
    /// @param unhealthy of these, judged so
    /// @param namedDone in a wave that names its instances: how many of the names are dealt with
    public record Progress(int moved, int healthy, int unhealthy, int namedDone) {
        static final Progress NONE = new Progress(0, 0, 0, 0);

        public Progress {
            Check.notNegative("moved links", moved);
            Check.range("healthy instances", healthy, 0, moved);
            Check.range("unhealthy instances", unhealthy, 0, moved - (long) healthy);
            Check.range("named instances", namedDone, 0, Wave.Named.INSTANCES_MAX);
        }

        public int pending() {
            return moved - healthy - unhealthy;
        }

        /// Without an instance that had the verdict. While links are sent back nobody counts verdicts.
        Progress without(Verdict verdict) {
            return new Progress(
                    moved - 1,
                    Math.max(healthy - healthyIn(verdict), 0),
                    Math.max(unhealthy - unhealthyIn(verdict), 0),
                    namedDone);
        }

        /// With one more instance that has the verdict.
        Progress with(Verdict verdict) {
            return new Progress(
                    moved + 1, healthy + healthyIn(verdict), unhealthy + unhealthyIn(verdict), namedDone);
        }

        Progress withoutNamed() {
            return new Progress(moved, healthy, unhealthy, 0);
        }

        private static int healthyIn(Verdict verdict) {
            return verdict instanceof Verdict.Healthy ? 1 : 0;
        }

        private static int unhealthyIn(Verdict verdict) {
            return verdict instanceof Verdict.Unhealthy ? 1 : 0;
        }
    }

    public RolloutEntry {
        Check.range("a generation", generation, 2, Integer.MAX_VALUE);
        Check.range("a base generation", base, 1, generation - 1L);
        Check.notNegative("a time", createdMillis);
    }

    RolloutEntry withState(RolloutState next) {
        return new RolloutEntry(plan, generation, base, next, progress, createdMillis);
    }

    RolloutEntry withProgress(Progress newProgress) {
        return new RolloutEntry(plan, generation, base, state, newProgress, createdMillis);
    }
}
