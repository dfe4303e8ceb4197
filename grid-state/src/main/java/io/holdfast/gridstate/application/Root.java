package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;

/// The root file system of an application. It is never written to: each instance has a layer of its own
/// above it.
public sealed interface Root {
    /// A folder that every node which is to run the application has at the same place.
    ///
    /// @param path absolute
    record Folder(String path) implements Root {
        public Folder {
            checkPath("a root folder", path);
        }
    }

    /// An OCI image.
    ///
    /// @param reference a layout on every host (`oci:PATH:NAME`) or a name in a registry
    record Image(String reference) implements Root {
        public Image {
            Check.text("an image's reference", reference, 512);
        }
    }

    /// The text by which people know it.
    default String label() {
        return switch (this) {
            case Folder folder -> folder.path();
            case Image image -> image.reference();
        };
    }

    /// An absolute path without `.`, `..` and empty steps.
    static String checkPath(String what, String path) {
        Check.text(what, path, 1_024);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(what + " begins with '/'");
        }
        List<String> steps = List.of(path.substring(1).split("/", -1));
        boolean isRoot = path.equals("/");
        if (!isRoot && (steps.contains("") || steps.contains(".") || steps.contains(".."))) {
            throw new IllegalArgumentException(what + " holds no '.', '..' or empty step");
        }
        return path;
    }
}
