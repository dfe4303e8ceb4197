package io.holdfast.node.app;

import io.holdfast.gridstate.application.Root;
import io.holdfast.hostio.container.RootFileSystem;

/// Finds the files of an application's root on this host. Concurrent; blocks.
@FunctionalInterface
public interface Roots {
    /// The root, with a digest that names its content.
    ///
    /// @throws StartFailedException if this host does not have it
    RootFileSystem resolve(Root root) throws StartFailedException;
}
