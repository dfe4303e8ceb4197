package io.holdfast.hostio.image;

import java.util.ArrayList;
import java.util.List;

/// What an image says about the program in it; what is not said is empty.
///
/// @param entrypoint the beginning of its command
/// @param command the rest
/// @param environment `NAME=VALUE`
/// @param workingFolder where it begins
/// @param user `USER[:GROUP]`, by name or number
/// @param ports such as `8080/tcp`
public record ImageSettings(
        List<String> entrypoint,
        List<String> command,
        List<String> environment,
        String workingFolder,
        String user,
        List<String> ports) {
    public ImageSettings {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        ports = List.copyOf(ports);
    }

    /// The whole command.
    ///
    /// @param given instead of all that the image says; if empty, the image's own is taken
    public List<String> commandOr(List<String> given) {
        List<String> whole = new ArrayList<>(given);
        if (given.isEmpty()) {
            whole.addAll(entrypoint);
            whole.addAll(command);
        }
        return whole;
    }
}
