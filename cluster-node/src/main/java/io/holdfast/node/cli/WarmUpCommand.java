package io.holdfast.node.cli;

import io.holdfast.node.cli.local.ClusterStart;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What `bin/holdfast` runs once to make the command line's ahead-of-time cache: it does what commands do,
/// so that their classes are in the cache, and shows nothing. It also gives the node that is trained beside
/// it something to serve, and says by its exit code whether that node became ready.
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "The folder of a cluster of one node.")
    Path directory = Path.of("");

    @Option(names = "--prepare", description = "Make the folder, and do nothing else.")
    boolean isPreparing;

    @Override
    public Integer call() throws IOException, CliException {
        if (isPreparing) {
            ClusterStart.prepare(directory, 1);
            return ExitCode.OK.number();
        }
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        String dir = directory.toString();
        int ready = CliMain.commandLine(nowhere, nowhere)
                .execute("wait", "ready", "--for-seconds", "30", "--dir", dir);
        for (List<String> arguments : List.of(
                List.of("--version"),
                List.of("--help"),
                List.of("up", "--help"),
                List.of("node", "list", "--help"),
                List.of("completion", "bash"),
                List.of("doctor", "-o", "json"),
                List.of("status", "--dir", dir),
                List.of("node", "list", "--dir", dir),
                List.of("node", "list", "-o", "json", "--dir", dir),
                List.of("node", "list", "-o", "yaml", "--dir", dir))) {
            CliMain.commandLine(nowhere, nowhere).execute(arguments.toArray(String[]::new));
        }
        return ready;
    }
}
