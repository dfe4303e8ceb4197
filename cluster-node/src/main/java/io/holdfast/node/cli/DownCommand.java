package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.local.ClusterStop;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.cli.output.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast down`: stops the cluster of this machine.
@Command(
        name = "down",
        sortOptions = false,
        description = {
            "Stop the cluster of this machine and keep its data.",
            "",
            "Asks every node to stop (SIGTERM); what has not stopped in time is killed, and named.",
            "",
            "  holdfast down",
            "  holdfast down --dir /srv/hf --timeout 60",
            ""
        })
final class DownCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Default: $HOLDFAST_DIR, or ~/.holdfast/local.")
    @Nullable Path directory;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "When to kill. Default: 30.")
    int timeoutSeconds = 30;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            description = "Form of the output. Default: table.")
    OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        ClusterStop.Result result;
        try (Progress progress = Progress.of(Outlet.specOf(spec).commandLine().getErr())) {
            result = new ClusterStop(progress, Duration.ofSeconds(timeoutSeconds))
                    .stop(ClusterOptions.localDirectory(directory));
        }
        Outlet out = Outlet.of(spec);
        if (format == OutputFormat.TABLE) {
            out.text(result.stopped().size() + " nodes stopped.\n");
            if (!result.killed().isEmpty()) {
                out.remark("killed, because they had not stopped after " + timeoutSeconds + " s: "
                        + String.join(", ", result.killed()));
            }
        } else {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            result.stopped().forEach(document.putArray("stopped")::add);
            result.killed().forEach(document.putArray("killed")::add);
            out.single(format, document);
        }
        return ExitCode.OK.number();
    }
}
