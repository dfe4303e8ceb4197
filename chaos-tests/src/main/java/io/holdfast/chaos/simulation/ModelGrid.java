package io.holdfast.chaos.simulation;

import java.util.HashMap;
import java.util.Map;

/// The model's served copy: values stamped with the version that wrote them.
final class ModelGrid {
    private final Bug bug;
    private final Map<String, ModelState.Register> values = new HashMap<>();
    private int watermark;

    ModelGrid(Bug bug) {
        this.bug = bug;
    }

    /// Takes a value unless it has a newer one.
    void put(String key, ModelState.Register value) {
        ModelState.Register present = values.get(key);
        boolean isNewer = present == null || value.version() > present.version();
        if (isNewer || bug == Bug.PUBLISH_WITHOUT_COMPARING) {
            values.put(key, value);
            if (bug == Bug.FORGET_TOMBSTONE && !value.isThere()) {
                values.remove(key);
            }
        }
    }

    /// How many changes have certainly arrived.
    int watermark() {
        return watermark;
    }

    void raiseWatermark(int changeCount) {
        watermark = Math.max(watermark, changeCount);
    }

    Map<String, ModelState.Register> values() {
        return Map.copyOf(values);
    }
}
