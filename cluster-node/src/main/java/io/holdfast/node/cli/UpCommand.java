package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.client.PrivateFile;
import io.holdfast.node.cli.local.ClusterStart;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.local.LocalNode;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.cli.output.Progress;
import io.holdfast.node.doctor.Doctor;
import io.holdfast.node.doctor.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `holdfast up`: a cluster on this machine.
@Command(
        name = "up",
        sortOptions = false,
        description = {
            "Start a cluster on this machine and wait until it is ready.",
            "",
            "One process per node, each with its own data. Makes the cluster if the folder has none; starts",
            "what does not run otherwise, also after a crash of everything. The nodes go on running when",
            "this command has ended; 'holdfast down' stops them and keeps the data.",
            "",
            "  holdfast up                           three nodes in ~/.holdfast/local",
            "  holdfast up --nodes 5 --dir /srv/hf   five, elsewhere",
            "  holdfast up --detach -o json          for scripts: addresses, pids, token",
            ""
        })
final class UpCommand implements Callable<Integer> {
    private static final int NODES_MAX = 15;

    @Spec
    @Nullable CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many. Default: 3, or as many as there are.")
    int nodeCount;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Default: $HOLDFAST_DIR, or ~/.holdfast/local.")
    @Nullable Path directory;

    @Option(
            names = "--detach",
            description = "Accepted for scripts that say it: the nodes always go on running.")
    boolean isDetached;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait. Default: 60.")
    int timeoutSeconds = 60;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            description = "Form of the output. Default: table.")
    OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        CommandSpec command = Outlet.specOf(spec);
        if (nodeCount < 0 || nodeCount > NODES_MAX) {
            throw new ParameterException(command.commandLine(), "--nodes must be 1 to " + NODES_MAX);
        }
        long startedAt = System.nanoTime();
        Path folder = ClusterOptions.localDirectory(directory);
        showShortages(folder);
        LocalCluster cluster;
        try (Progress progress = Progress.of(command.commandLine().getErr())) {
            cluster = new ClusterStart(executable(), progress, Duration.ofSeconds(timeoutSeconds))
                    .start(folder, nodeCount);
        }
        Outlet out = Outlet.of(spec);
        if (format == OutputFormat.TABLE) {
            out.text(summary(cluster, (System.nanoTime() - startedAt) / 1e9));
        } else {
            out.single(format, document(cluster));
        }
        return ExitCode.OK.number();
    }

    /// Told first, because they may be why the rest fails or is slow.
    private void showShortages(Path folder) throws IOException, InterruptedException {
        PrivateFile.makeFolder(folder);
        Outlet out = Outlet.of(spec);
        for (Finding finding : Doctor.ofThisHost(folder).examineResources()) {
            if (finding.state() != Finding.State.OK) {
                out.remark(finding.subject() + ": " + finding.found() + "; remedy: " + finding.remedy());
            }
        }
    }

    /// The script that started this command, which starts nodes too.
    static Path executable() throws CliException {
        String script = System.getenv("HOLDFAST_BIN");
        if (script == null) {
            throw new CliException(ExitCode.USAGE, "HOLDFAST_BIN is not set", "start through bin/holdfast");
        }
        return Path.of(script);
    }

    private static String summary(LocalCluster cluster, double seconds) {
        String api = "https://" + cluster.nodes().getFirst().apiAddress();
        String address = cluster.directory().equals(LocalCluster.defaultDirectory())
                ? ""
                : " --dir " + cluster.directory();
        return String.format(
                Locale.ROOT,
                """
                %d nodes are ready after %.1f s.

                  API and UI  %s
                  log in      holdfast login%s
                  token       %s
                  trust       %s
                  look        holdfast status%s
                  stop        holdfast down%s
                """,
                cluster.nodes().size(),
                seconds,
                api,
                address,
                cluster.tokenFile(),
                cluster.authorityFile(),
                address,
                address);
    }

    private static ObjectNode document(LocalCluster cluster) throws CliException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode nodes = root.putArray("nodes");
        for (LocalNode node : cluster.nodes()) {
            ObjectNode item = nodes.addObject();
            item.put("name", node.name());
            item.put("api", "https://" + node.apiAddress());
            item.put("nbd", "nbds://" + node.nbdAddress());
            item.put("nbdSocket", node.nbdSocket().toString());
            item.put("pid", node.process().map(DetachedProcess::pid).orElse(-1L));
            item.put("dir", node.directory().toString());
        }
        ClusterAccess access = cluster.access();
        root.put("ca", cluster.authorityFile().toString());
        root.put("token", access.token());
        return root;
    }
}
