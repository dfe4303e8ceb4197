package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// A generation of an object; written `object/number` with ten digits, so that they page in order.
///
/// @param object the object's name
/// @param number from 1
public record GenerationKey(String object, int number) {
    public GenerationKey {
        Check.name("an object's name", object);
        Check.range("a generation", number, 1, Integer.MAX_VALUE);
    }

    /// Reads what [#toString()] writes.
    public static GenerationKey parse(String text) {
        String[] parts = text.split("/", 3);
        if (parts.length != 2 || parts[1].length() != 10) {
            throw new IllegalArgumentException("a generation is written object/number with ten digits");
        }
        return new GenerationKey(parts[0], Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
        return object + "/" + "0".repeat(10 - Integer.toString(number).length()) + number;
    }
}
