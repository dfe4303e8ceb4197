package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;

/// Something that an application sees besides its root.
///
/// @param kind what the source names
/// @param source a volume's name, or a folder of the host
/// @param target where the application sees it, absolute
/// @param isReadOnly whether it may only read
public record Mount(Kind kind, String source, String target, boolean isReadOnly) {
    /// What a mount's source is.
    public enum Kind {
        FOLDER,
        VOLUME
    }

    public Mount {
        switch (kind) {
            case FOLDER -> Root.checkPath("a mount's source", source);
            case VOLUME -> Check.name("a volume's name", source);
        }
        Root.checkPath("a mount's target", target);
        if (target.equals("/")) {
            throw new IllegalArgumentException("a mount's target is not the root");
        }
    }
}
