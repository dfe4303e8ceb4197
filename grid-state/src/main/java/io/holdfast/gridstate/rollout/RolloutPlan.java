package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;

/// What a rollout shall do.
///
/// @param object the object's name
/// @param version the version that its links shall lead to
/// @param waves at least one; percentages grow, and the last wave takes all
/// @param unhealthyMax instances that may fail their health gate before the rollout fails
public record RolloutPlan(String object, String version, List<Wave> waves, int unhealthyMax) {
    /// Waves of one rollout.
    public static final int WAVES_MAX = 32;

    public RolloutPlan {
        Check.name("an object's name", object);
        Check.name("a version's name", version);
        waves = Check.atMost("a rollout's waves", waves, WAVES_MAX);
        Check.range("tolerated unhealthy instances", unhealthyMax, 0, ObjectEntry.INSTANCES_MAX);
        int percentBefore = 0;
        for (Wave wave : waves) {
            if (wave instanceof Wave.UpTo(int percent)) {
                Check.range("a wave's percentage", percent, percentBefore + 1L, 100);
                percentBefore = percent;
            }
        }
        if (waves.isEmpty() || !waves.getLast().equals(new Wave.UpTo(100))) {
            throw new IllegalArgumentException("a rollout's last wave takes 100 percent");
        }
    }
}
