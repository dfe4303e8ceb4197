package io.holdfast.node.app;

import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.image.ImageSettings;
import io.holdfast.hostio.image.ImageUser;
import java.util.List;

/// A root as this host has it.
///
/// @param files with a digest that names their content, and whatever is said of the program beside
/// @param settings what an image says about the program in it; a specification's own words count more
/// @param user who the program runs as
public record ResolvedRoot(RootFileSystem files, ImageSettings settings, ImageUser user) {
    private static final ImageSettings NONE =
            new ImageSettings(List.of(), List.of(), List.of(), "", "", List.of());

    /// A root that says nothing about its program, which runs as root.
    static ResolvedRoot plain(RootFileSystem files) {
        return new ResolvedRoot(files, NONE, ImageUser.ROOT);
    }
}
