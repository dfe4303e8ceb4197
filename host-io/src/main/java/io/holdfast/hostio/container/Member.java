package io.holdfast.hostio.container;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// One of several programs of a container, each in a root of its own. They share the network (each reaches
/// the others at `localhost`), the processes, `/dev/shm` and the limits of the container; they are saved as
/// of one moment and go on together.
///
/// @param name 1 to 30 lower-case letters, digits and inner hyphens, beginning with a letter
/// @param root the files it starts from; what it writes goes to a layer of its own
/// @param program what runs in it; the container's hooks are told to all members
public record Member(String name, RootFileSystem root, Program program) {
    /// In the container's own root, which no member sees, the folder with theirs.
    public static final String PLACES = "/members";

    private static final Pattern SHAPE = Pattern.compile("[a-z]([a-z0-9-]{0,28}[a-z0-9])?");

    public Member {
        if (!SHAPE.matcher(name).matches()) {
            throw new IllegalArgumentException("not a member's name: name=" + name);
        }
    }

    /// Where its root is in the container's own one.
    public String place() {
        return PLACES + "/" + name;
    }

    /// The names of some, in their order, for a message.
    public static String names(List<Member> members) {
        return String.join(", ", members.stream().map(Member::name).toList());
    }

    static void requireDistinct(List<Member> members) {
        if (members.size() != Set.copyOf(members.stream().map(Member::name).toList()).size()) {
            throw new IllegalArgumentException("two members of one name: names=" + names(members));
        }
    }
}
