package io.holdfast.hostio.container;

import java.util.List;
import java.util.Map;

/// What runs in a container.
///
/// @param command the executable, found within the container, and its arguments
/// @param environment all of its environment but `PATH` and `HOSTNAME`, which have defaults
/// @param workingDirectory an absolute path within the container
/// @param userId the numeric user it runs as; 0 is root within its namespaces, without the rights of root
/// @param groupId its numeric group
/// @param hooks what is told to it around checkpoint and restore
public record Program(
        List<String> command,
        Map<String, String> environment,
        String workingDirectory,
        int userId,
        int groupId,
        LifecycleHooks hooks) {
    public Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || !workingDirectory.startsWith("/") || userId < 0 || groupId < 0) {
            throw new IllegalArgumentException("a program needs a command, an absolute folder and numeric"
                    + " user and group: command=" + command + " workingDirectory=" + workingDirectory);
        }
    }

    /// Runs as root within its namespaces, in `/`, and is told nothing.
    public static Program of(String... command) {
        return new Program(List.of(command), Map.of(), "/", 0, 0, LifecycleHooks.NONE);
    }

    public Program withEnvironment(Map<String, String> changed) {
        return new Program(command, changed, workingDirectory, userId, groupId, hooks);
    }

    public Program withWorkingDirectory(String changed) {
        return new Program(command, environment, changed, userId, groupId, hooks);
    }

    public Program withHooks(LifecycleHooks changed) {
        return new Program(command, environment, workingDirectory, userId, groupId, changed);
    }
}
