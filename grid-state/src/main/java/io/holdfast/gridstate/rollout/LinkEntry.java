package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// Where a link leads: everything a redirect needs, in one look-up.
///
/// @param instance whose link it is
/// @param generation of the instance's object
/// @param location what that generation says
/// @param assignedMillis when the link came to this generation
public record LinkEntry(InstanceKey instance, int generation, String location, long assignedMillis) {
    public LinkEntry {
        Check.range("a generation", generation, 1, Integer.MAX_VALUE);
        Check.text("a location", location, 1_024);
        Check.notNegative("a time", assignedMillis);
    }
}
