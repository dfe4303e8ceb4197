package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// A version of an object and where it is.
///
/// @param name unique for the object
/// @param location where a link leads that is at this version: an image reference, a path or an address
public record ObjectVersion(String name, String location) {
    public ObjectVersion {
        Check.name("a version's name", name);
        Check.text("a location", location, 1_024);
    }
}
