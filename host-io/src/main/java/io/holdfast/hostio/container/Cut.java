package io.holdfast.hostio.container;

import java.io.IOException;

/// What has to be of the same moment as a checkpoint: done after the memory of all its processes was saved,
/// and whatever the kernel was still writing for them was written, and before any of them goes on.
@FunctionalInterface
public interface Cut {
    /// Nothing has to.
    Cut NOTHING = () -> {};

    /// Does it. If this throws, there is no checkpoint, and the container goes on unharmed.
    void make() throws IOException;
}
