package io.holdfast.chaos.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A program to start: arguments, additions to the environment, working directory, standard input, and the
/// file that takes its output. Immutable.
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        Optional<Path> directory,
        String input,
        Optional<Path> log) {
    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
    }

    public static Command of(String... arguments) {
        return of(List.of(arguments));
    }

    public static Command of(List<String> arguments) {
        return new Command(arguments, Map.of(), Optional.empty(), "", Optional.empty());
    }

    /// The same, with this text on standard input.
    public Command withInput(String text) {
        return new Command(arguments, environment, directory, text, log);
    }

    /// The same, with one more variable in its environment.
    public Command with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new Command(arguments, more, directory, input, log);
    }

    /// The same, appending its output to this file.
    public Command loggedTo(Path file) {
        return new Command(arguments, environment, directory, input, Optional.of(file));
    }

    /// The same, run by another command that takes a command line as its last arguments.
    public Command prefixedBy(List<String> prefix) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(arguments);
        return new Command(all, environment, directory, input, log);
    }

    @Override
    public String toString() {
        return String.join(" ", arguments);
    }
}
