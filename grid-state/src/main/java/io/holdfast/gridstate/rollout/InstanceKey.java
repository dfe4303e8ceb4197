package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// An instance of an object; written `object/name`.
///
/// @param object the object's name
/// @param name unique for the object
public record InstanceKey(String object, String name) {
    public InstanceKey {
        Check.name("an object's name", object);
        Check.name("an instance's name", name);
    }

    /// Reads what [#toString()] writes.
    public static InstanceKey parse(String text) {
        String[] parts = text.split("/", 3);
        if (parts.length != 2) {
            throw new IllegalArgumentException("an instance is written object/name");
        }
        return new InstanceKey(parts[0], parts[1]);
    }

    @Override
    public String toString() {
        return object + "/" + name;
    }
}
