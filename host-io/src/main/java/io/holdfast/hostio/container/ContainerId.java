package io.holdfast.hostio.container;

import java.util.regex.Pattern;

/// The name of one container, unique on its machine for ever: a restored copy has one of its own.
///
/// @param value 1 to 40 lower-case letters, digits and inner hyphens, so that it fits file, cgroup and host
///     names
public record ContainerId(String value) implements Comparable<ContainerId> {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    public ContainerId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a container's name: value=" + value);
        }
    }

    @Override
    public int compareTo(ContainerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
