package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.holdfast.node.cli.local.ClusterState;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast status`: the nodes of the cluster of this machine.
@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Show the nodes of the cluster of this machine.",
            "",
            "Exit code 0 only if every node is ready, 5 otherwise. For other clusters: holdfast node list.",
            "",
            "  holdfast status",
            "  holdfast status --dir /srv/hf -o json",
            ""
        })
final class StatusCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Default: $HOLDFAST_DIR, or ~/.holdfast/local.")
    @Nullable Path directory;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            description = "Form of the output. Default: table.")
    OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() throws CliException, InterruptedException {
        LocalCluster cluster = LocalCluster.open(ClusterOptions.localDirectory(directory));
        ArrayNode states = ClusterState.of(cluster);
        List<Column> columns = Column.of("name", "state", "role", "applied", "pid", "api", "dir", "why");
        Outlet.of(spec).list(format, columns, states);
        boolean allReady = true;
        for (JsonNode state : states) {
            allReady &= state.path("state").asText().equals("ready");
        }
        return (allReady ? ExitCode.OK : ExitCode.UNAVAILABLE).number();
    }
}
