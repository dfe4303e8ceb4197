package io.holdfast.node.cli;

import io.holdfast.node.cli.local.ClusterStart;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What `bin/holdfast` runs once to make the ahead-of-time caches: it brings a cluster up and does what
/// commands do, so that their classes are in the cache, and shows nothing. The nodes are left running, and
/// are not many seconds old: nothing may be wanted of them but that they be trained.
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    private static final int NODES = 3;
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);

    @Option(names = "--dir", required = true, description = "Where the cluster shall be.")
    Path directory = Path.of("");

    @Override
    public Integer call() throws IOException, CliException, InterruptedException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        String dir = directory.toString();
        try (Progress progress = new Progress(nowhere, false)) {
            new ClusterStart(UpCommand.executable(), progress, READY_WITHIN).start(directory, NODES);
        }
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
        return CliMain.commandLine(nowhere, nowhere)
                .execute("wait", "ready", "--for-seconds", "30", "--dir", dir);
    }
}
