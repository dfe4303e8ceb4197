package io.holdfast.hostio.container;

import java.nio.file.Path;

/// A folder of this machine that a container sees; never with devices or set-user-id files in force. Its
/// content is not part of a checkpoint.
///
/// @param source an absolute path of this machine
/// @param destination an absolute path within the container
public record BindMount(Path source, String destination, boolean isReadOnly) {
    public BindMount {
        boolean isPlain = destination.startsWith("/")
                && Path.of(destination).normalize().toString().equals(destination)
                && destination.length() > 1;
        if (!source.isAbsolute() || !isPlain) {
            throw new IllegalArgumentException(
                    "a mount goes from an absolute path to a plain absolute one: source="
                    + source + " destination=" + destination);
        }
    }
}
