package io.holdfast.hostio.runc;

import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Calls of runc on a root folder of ours. Immutable, concurrent as far as runc is.
public final class Runc {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Path executable;
    private final Path root;

    public Runc(Path executable, Path root) {
        this.executable = executable;
        this.root = root;
    }

    /// Its private folder, which marks every process of it on the command line.
    public Path root() {
        return root;
    }

    /// The beginning of a command line of ours.
    public List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(executable.toString(), "--root", root.toString()));
        command.addAll(List.of(words));
        return command;
    }

    /// Runs a call to its end.
    public ProcessOutcome run(Duration deadline, String... words) throws IOException, InterruptedException {
        return ProcessRun.of(command(words)).withDeadline(deadline).run();
    }

    /// Ends what runc knows by this name, and takes back what a killed runc has left of it; does nothing if
    /// there is nothing.
    public void deleteIfKnown(String name) throws IOException, InterruptedException {
        Path folder = root.resolve(name);
        if (Files.exists(folder)) {
            run(DEADLINE, "delete", "--force", name);
            // A killed restore leaves the root mounted here a second time.
            new OwnedFolder(root).deleteBelow(folder);
        }
    }
}
