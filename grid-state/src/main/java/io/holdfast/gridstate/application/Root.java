package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The root file system of an application. It is never written to: each instance has a layer of its own
/// above it.
public sealed interface Root {
    /// A root of one program.
    sealed interface Plain extends Root {}

    /// A folder that every node which is to run the application has at the same place.
    ///
    /// @param path absolute
    record Folder(String path) implements Plain {
        public Folder {
            checkPath("a root folder", path);
        }
    }

    /// An OCI image.
    ///
    /// @param reference a layout on every host (`oci:PATH:NAME`) or a name in a registry
    record Image(String reference) implements Plain {
        public Image {
            Check.text("an image's reference", reference, 512);
        }
    }

    /// Several, each with a program of its own: one instance is all of them together.
    ///
    /// @param members in the order in which they start
    record Group(List<GroupMember> members) implements Root {
        /// Programs of one instance.
        public static final int COUNT_MAX = 16;

        public Group {
            members = Check.atMost("a group's members", members, COUNT_MAX);
            Check.range("a count of members", members.size(), 1, COUNT_MAX);
            Set<String> names = new HashSet<>();
            for (GroupMember member : members) {
                if (!names.add(member.name())) {
                    throw new IllegalArgumentException("two members of one name: " + member.name());
                }
            }
        }
    }

    /// The text by which people know it.
    default String label() {
        return switch (this) {
            case Folder folder -> folder.path();
            case Image image -> image.reference();
            case Group group -> "group of "
                    + String.join(", ", group.members().stream().map(GroupMember::name).toList());
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
