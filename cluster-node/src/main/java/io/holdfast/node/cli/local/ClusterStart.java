package io.holdfast.node.cli.local;

import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.client.PrivateFile;
import io.holdfast.node.cli.membership.NewCluster;
import io.holdfast.node.cli.membership.Joining;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.Pause;
import io.holdfast.node.cli.output.Progress;
import io.holdfast.node.config.InvalidConfigException;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.config.NodeConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Brings a local cluster up: founds it if there is none, lets nodes join that have not, starts what does
/// not run, and waits until every node is ready. Every step looks at what is there first, so a start that
/// was interrupted anywhere is finished by the next one. Confined to one command.
public final class ClusterStart {
    private static final Duration READY_POLL = Duration.ofMillis(50);
    private static final int LOG_LINES_SHOWN = 15;

    private final Path executable;
    private final Progress progress;
    private final Duration deadline;

    /// Prepares to start; `executable` is `bin/holdfast`, which starts the nodes with their JVM flags.
    public ClusterStart(Path executable, Progress progress, Duration deadline) {
        this.executable = executable;
        this.progress = progress;
        this.deadline = deadline;
    }

    /// Starts the cluster of a folder, making it with so many nodes if it is not there; zero means three for
    /// a new cluster, and as many as it has for an old one.
    public LocalCluster start(Path directory, int nodeCount)
            throws CliException, IOException, InterruptedException {
        try (ClusterLock _ = ClusterLock.acquire(directory)) {
            LocalCluster cluster = prepare(directory, nodeCount);
            ClusterAccess access = cluster.access();
            List<LocalNode> joined = cluster.nodes().stream().filter(LocalNode::hasIdentity).toList();
            List<LocalNode> strangers = cluster.nodes().stream().filter(node -> !node.hasIdentity()).toList();
            for (LocalNode node : joined) {
                startUnlessRunning(node);
            }
            if (!strangers.isEmpty()) {
                awaitReady(joined, access, cluster.nodes().size());
                inParallel(strangers, node -> {
                    join(node, access);
                    startUnlessRunning(node);
                });
            }
            awaitReady(cluster.nodes(), access, cluster.nodes().size());
            return cluster;
        }
    }

    /// Does what must be done before the first node can run.
    public static LocalCluster prepare(Path directory, int nodeCount) throws CliException, IOException {
        LocalCluster cluster = plan(directory, nodeCount);
        for (LocalNode node : cluster.nodes()) {
            node.writeConfig();
        }
        LocalNode first = cluster.nodes().getFirst();
        if (!first.hasIdentity()) {
            found(cluster, first);
        }
        return cluster;
    }

    private static LocalCluster plan(Path directory, int nodeCount) throws CliException, IOException {
        if (!LocalCluster.exists(directory)) {
            return LocalCluster.create(directory, nodeCount == 0 ? 3 : nodeCount);
        }
        LocalCluster cluster = LocalCluster.open(directory);
        if (nodeCount == 0 || nodeCount == cluster.nodes().size()) {
            return cluster;
        }
        if (nodeCount < cluster.nodes().size()) {
            throw new CliException(
                    ExitCode.CONFLICT,
                    "the cluster has " + cluster.nodes().size() + " nodes, which is more than " + nodeCount,
                    "start it without --nodes, then take nodes out with 'holdfast node evict NAME'");
        }
        return cluster.grownTo(nodeCount);
    }

    private static void found(LocalCluster cluster, LocalNode first) throws CliException, IOException {
        String name = String.valueOf(cluster.directory().getFileName());
        NewCluster founded = NewCluster.create(configOf(first), name, new SecureRandom());
        PrivateFile.write(cluster.authorityFile(), founded.authorityPem());
        PrivateFile.write(cluster.tokenFile(), founded.adminToken() + "\n");
    }

    private void join(LocalNode node, ClusterAccess access) throws CliException, IOException {
        try (ApiClient client = new ApiClient(access, deadline)) {
            String token = Joining.createToken(client, node.name());
            Joining.join(configOf(node), token, access.endpoints().getFirst(), new SecureRandom(), deadline);
        }
    }

    private static NodeConfig configOf(LocalNode node) throws CliException, IOException {
        try {
            return NodeConfigFile.load(node.configFile()).config();
        } catch (InvalidConfigException wrong) {
            throw new CliException(ExitCode.USAGE, wrong.getMessage(), "mend " + node.configFile(), wrong);
        }
    }

    private void startUnlessRunning(LocalNode node) throws IOException {
        if (node.process().isEmpty()) {
            node.start(executable);
        }
    }

    private void awaitReady(List<LocalNode> nodes, ClusterAccess access, int total)
            throws CliException, InterruptedException {
        List<NodeProbe> probes = new ArrayList<>();
        long end = System.nanoTime() + deadline.toNanos();
        try {
            for (LocalNode node : nodes) {
                NodeProbe probe = new NodeProbe(node, access);
                probes.add(probe);
                while (!probe.isReady()) {
                    requireRunning(node);
                    if (System.nanoTime() - end >= 0) {
                        String waited = "is not ready after " + deadline.toSeconds() + " s";
                        throw failed(node, waited + " (" + probe.lastAnswer() + ")");
                    }
                    progress.show(probes.size() - 1, total, "waiting for " + node.name());
                    Pause.of(READY_POLL);
                }
            }
        } finally {
            probes.forEach(NodeProbe::close);
        }
    }

    private static void requireRunning(LocalNode node) throws CliException {
        if (node.process().filter(DetachedProcess::isAlive).isEmpty()) {
            throw failed(node, "ended while it was starting");
        }
    }

    private static CliException failed(LocalNode node, String what) {
        List<String> lines = LogTail.of(node.outputFile(), LOG_LINES_SHOWN);
        return new CliException(
                ExitCode.UNAVAILABLE,
                node.name() + " " + what + "; its last words:\n  | " + String.join("\n  | ", lines),
                "all of it: " + node.outputFile());
    }

    /// A step for one node.
    private interface Step {
        void run(LocalNode node) throws CliException, IOException;
    }

    private static void inParallel(List<LocalNode> nodes, Step step)
            throws CliException, IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = nodes.stream()
                    .<Callable<Boolean>>map(node -> () -> {
                        step.run(node);
                        return true;
                    })
                    .toList();
            for (Future<Boolean> future : threads.invokeAll(tasks)) {
                rethrow(future);
            }
        }
    }

    private static void rethrow(Future<Boolean> future)
            throws CliException, IOException, InterruptedException {
        try {
            future.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case CliException expected -> throw expected;
                case IOException io -> throw io;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        }
    }
}
