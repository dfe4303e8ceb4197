package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;
import java.util.regex.Pattern;

/// One program of an application that has several. All of an instance share its network, in which they find
/// each other at `localhost`, its limits and its `/dev/shm`; they are saved as of one moment, and where one
/// ends, the instance does.
///
/// @param name 1 to 30 lower-case letters, digits and inner hyphens, beginning with a letter
/// @param root from which file system it runs
/// @param command the program and its arguments; an image may say it instead
/// @param environment variables of its first process
/// @param workingFolder where its first process begins, absolute within the root
public record GroupMember(
        String name, Root.Plain root, List<String> command, List<Variable> environment,
        String workingFolder) {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,28}[a-z0-9])?");

    public GroupMember {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a member's name is 1 to 30 lower-case letters, digits and"
                    + " inner hyphens, first a letter: " + name);
        }
        command = ApplicationSpec.checkCommand(command, root);
        environment = Check.atMost("variables", environment, ApplicationSpec.VARIABLES_MAX);
        Root.checkPath("a working folder", workingFolder);
    }
}
