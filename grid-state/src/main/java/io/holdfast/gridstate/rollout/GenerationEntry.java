package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// What a generation of an object means; written once.
///
/// @param version the version's name
/// @param location where links lead that are at this generation
/// @param createdMillis when it was made
public record GenerationEntry(String version, String location, long createdMillis) {
    public GenerationEntry {
        Check.name("a version's name", version);
        Check.text("a location", location, 1_024);
        Check.notNegative("a time", createdMillis);
    }
}
