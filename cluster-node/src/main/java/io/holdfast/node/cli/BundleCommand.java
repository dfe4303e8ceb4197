package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.local.ClusterState;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.local.SupportBundle;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.Rendering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast bundle`: what somebody who helps needs to see.
@Command(
        name = "bundle",
        sortOptions = false,
        description = {
            "Collect configurations, logs, status and the doctor's findings in one archive, without secrets.",
            "",
            "Names what it took. Keys, tokens and stored data are never in it.",
            "",
            "  holdfast bundle --file support.zip",
            ""
        })
final class BundleCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Default: $HOLDFAST_DIR, or ~/.holdfast/local.")
    @Nullable Path directory;

    @Option(names = "--file", required = true, paramLabel = "FILE", description = "The archive to write.")
    Path file = Path.of("");

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        LocalCluster cluster = LocalCluster.open(ClusterOptions.localDirectory(directory));
        Map<String, String> reports = new LinkedHashMap<>();
        reports.put("version.txt", String.join("\n", new HoldfastCommand.Version().getVersion()) + "\n");
        reports.put("doctor.json", Rendering.json(DoctorCommand.findings(cluster.directory())));
        reports.put("status.json", Rendering.json(statusOf(cluster)));
        List<String> names = SupportBundle.write(cluster, reports, file);
        names.forEach(name -> Outlet.of(spec).remark("took " + name));
        Outlet.of(spec).text(file + "\n");
        return ExitCode.OK.number();
    }

    /// A cluster that was not completely made is the one that needs help the most.
    private static ArrayNode statusOf(LocalCluster cluster) throws InterruptedException {
        try {
            return ClusterState.of(cluster);
        } catch (CliException incomplete) {
            return JsonNodeFactory.instance.arrayNode().add(incomplete.getMessage());
        }
    }
}
