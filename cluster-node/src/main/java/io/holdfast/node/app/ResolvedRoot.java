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
/// @param members the roots of a group's members, in their order; the digest then names all of them
public record ResolvedRoot(
        RootFileSystem files, ImageSettings settings, ImageUser user, List<ResolvedRoot> members) {
    private static final ImageSettings NONE =
            new ImageSettings(List.of(), List.of(), List.of(), "", "", List.of());

    public ResolvedRoot {
        members = List.copyOf(members);
    }

    /// A root of one program.
    public ResolvedRoot(RootFileSystem files, ImageSettings settings, ImageUser user) {
        this(files, settings, user, List.of());
    }

    /// The roots of a group.
    static ResolvedRoot group(String digest, List<ResolvedRoot> members) {
        RootFileSystem files = new RootFileSystem(digest, members.getFirst().files().layers());
        return new ResolvedRoot(files, NONE, ImageUser.ROOT, members);
    }

    /// A root that says nothing about its program, which runs as root.
    static ResolvedRoot plain(RootFileSystem files) {
        return new ResolvedRoot(files, NONE, ImageUser.ROOT);
    }
}
