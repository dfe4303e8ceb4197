package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;
import java.util.stream.Stream;

/// What an application is to be. Two specifications that are equal start equal processes.
///
/// @param root from which file system it runs
/// @param command the program and its arguments; an image may say it instead
/// @param environment variables of its first process
/// @param workingFolder where its first process begins, absolute within the root
/// @param port that it listens on inside its own network; 0 if it serves nothing
/// @param access who may call it through the gateway
/// @param mounts what it sees besides its root; in a group, a target's first step is the member that sees it
/// @param limits the most it may take
/// @param probe tells when it is ready
/// @param scaling how many instances there are, and when none
/// @param snapshots when it is saved
/// @param beforeSave what is told to it before each saving, in order; if one fails it is not saved
/// @param afterRestore what is told to it when it goes on from what was saved, in order; if one fails it is
/// not restored
public record ApplicationSpec(
        Root root,
        List<String> command,
        List<Variable> environment,
        String workingFolder,
        int port,
        Access access,
        List<Mount> mounts,
        Limits limits,
        Probe probe,
        Scaling scaling,
        SnapshotPolicy snapshots,
        List<Hook> beforeSave,
        List<Hook> afterRestore) {
    /// Words of the command, and characters of each.
    public static final int WORDS_MAX = 256;

    public static final int WORD_CHARS_MAX = 4_096;

    /// Variables and mounts of one application.
    public static final int VARIABLES_MAX = 256;

    public static final int MOUNTS_MAX = 32;

    /// Who may call an application through the gateway.
    public enum Access {
        /// Whoever reaches a node's API port.
        PUBLIC,
        /// Users of the cluster, with a credential.
        MEMBERS
    }

    public ApplicationSpec {
        command = checkCommand(command, root);
        environment = Check.atMost("variables", environment, VARIABLES_MAX);
        Root.checkPath("a working folder", workingFolder);
        Check.range("a port", port, 0, 65_535);
        mounts = Check.atMost("mounts", mounts, MOUNTS_MAX);
        if (root instanceof Root.Group group) {
            checkGroup(group, command, environment, workingFolder, mounts);
        }
        if (port == 0 && !(probe instanceof Probe.Started)) {
            throw new IllegalArgumentException("a probe asks a port, and there is none");
        }
        beforeSave = Check.atMost("hooks before saving", beforeSave, Hook.COUNT_MAX);
        afterRestore = Check.atMost("hooks after restoring", afterRestore, Hook.COUNT_MAX);
        boolean isCalled = Stream.concat(beforeSave.stream(), afterRestore.stream())
                .anyMatch(Hook.Call.class::isInstance);
        if (port == 0 && isCalled) {
            throw new IllegalArgumentException("a hook calls a port, and there is none");
        }
    }

    static List<String> checkCommand(List<String> command, Root root) {
        List<String> checked = Check.atMost("a command's words", command, WORDS_MAX);
        int countMin = root instanceof Root.Folder ? 1 : 0;
        Check.range("a count of words", checked.size(), countMin, WORDS_MAX);
        for (String word : checked) {
            if (word.length() > WORD_CHARS_MAX || word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "a word of a command has at most " + WORD_CHARS_MAX + " characters and no zero");
            }
        }
        return checked;
    }

    /// What is said of a program is said of a member; its mounts go below the member's name.
    private static void checkGroup(
            Root.Group group, List<String> command, List<Variable> environment, String workingFolder,
            List<Mount> mounts) {
        if (!command.isEmpty() || !environment.isEmpty() || !workingFolder.equals("/")) {
            throw new IllegalArgumentException(
                    "a group has no command, variables or working folder of its own: its members have");
        }
        for (Mount mount : mounts) {
            boolean isMembers = group.members().stream()
                    .anyMatch(member -> mount.target().startsWith("/" + member.name() + "/"));
            if (!isMembers) {
                throw new IllegalArgumentException(
                        "a mount of a group begins with the name of a member: " + mount.target());
            }
        }
    }

    /// A specification of something that is told nothing.
    public ApplicationSpec(
            Root root,
            List<String> command,
            List<Variable> environment,
            String workingFolder,
            int port,
            Access access,
            List<Mount> mounts,
            Limits limits,
            Probe probe,
            Scaling scaling,
            SnapshotPolicy snapshots) {
        this(
                root, command, environment, workingFolder, port, access, mounts, limits, probe, scaling,
                snapshots, List.of(), List.of());
    }

    /// The same, told something around its savings.
    public ApplicationSpec withHooks(List<Hook> before, List<Hook> after) {
        return new ApplicationSpec(
                root, command, environment, workingFolder, port, access, mounts, limits, probe, scaling,
                snapshots, before, after);
    }

    /// The same with another number of instances.
    public ApplicationSpec withScaling(Scaling other) {
        return new ApplicationSpec(
                root, command, environment, workingFolder, port, access, mounts, limits, probe, other,
                snapshots, beforeSave, afterRestore);
    }

    /// Whether what runs by the other one may go on by this one: they differ in how many instances there are,
    /// at most.
    public boolean runsLike(ApplicationSpec other) {
        Scaling counts = other.scaling();
        return withScaling(new Scaling(
                        counts.countMin(), counts.countMax(), counts.concurrency(), scaling.idleMillis(),
                        scaling.onIdle()))
                .equals(other);
    }
}
