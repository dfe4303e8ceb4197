package io.holdfast.hostio.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Where this host keeps its commands.
public final class Executables {
    /// Administrators' commands live here, and the search path of a service often leaves them out.
    private static final Set<String> ALWAYS_SEARCHED = Set.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private Executables() {}

    /// The executable file that a command name (or a path) stands for.
    public static Optional<Path> find(String command) {
        if (command.indexOf('/') >= 0) {
            return Optional.of(Path.of(command)).filter(Executables::isExecutable);
        }
        Set<String> folders = new LinkedHashSet<>();
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator, -1)) {
            if (!folder.isEmpty()) {
                folders.add(folder);
            }
        }
        folders.addAll(ALWAYS_SEARCHED);
        return folders.stream()
                .map(folder -> Path.of(folder, command))
                .filter(Executables::isExecutable)
                .findFirst();
    }

    static Path require(String command) throws CommandNotFoundException {
        return find(command).orElseThrow(() -> new CommandNotFoundException(command));
    }

    private static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
