package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;

/// Which instances a wave takes beyond those of the waves before it.
public sealed interface Wave {
    /// As many, in the order of their names, as bring the share of moved instances to this.
    ///
    /// @param percent 1 to 100, rounded up to whole instances
    record UpTo(int percent) implements Wave {
        public UpTo {
            Check.range("a wave's percentage", percent, 1, 100);
        }
    }

    /// These.
    ///
    /// @param instances 1 to [#INSTANCES_MAX] names
    record Named(List<String> instances) implements Wave {
        /// Instances that a wave may name.
        public static final int INSTANCES_MAX = 1_000;

        public Named {
            instances = Check.distinct("a wave's instances", instances, INSTANCES_MAX);
            Check.range("a wave's instance count", instances.size(), 1, INSTANCES_MAX);
            for (String name : instances) {
                Check.name("an instance's name", name);
            }
        }
    }
}
