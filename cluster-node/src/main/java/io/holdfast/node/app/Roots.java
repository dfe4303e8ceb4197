package io.holdfast.node.app;

import io.holdfast.gridstate.application.Root;

/// Finds the files of an application's root on this host. Concurrent; blocks.
@FunctionalInterface
public interface Roots {
    /// The root, and what it says about its program.
    ///
    /// @throws StartFailedException if this host does not have it
    ResolvedRoot resolve(Root root) throws StartFailedException;
}
