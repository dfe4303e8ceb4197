package io.holdfast.gridstate.placement;

import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.snapshot.ApplicationKey;

/// A slot of an application; written `tenant/application/slot`.
///
/// @param application whose instance runs in it
/// @param slot from 0
public record PlacementKey(ApplicationKey application, int slot) {
    public PlacementKey {
        Check.range("a slot", slot, 0, Scaling.COUNT_MAX - 1);
    }

    /// Reads what [#toString()] writes.
    public static PlacementKey parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("a slot is written tenant/application/number");
        }
        return new PlacementKey(
                ApplicationKey.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return application + "/" + slot;
    }
}
