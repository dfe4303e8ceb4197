package io.holdfast.node.cli.tour;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.local.ClusterStart;
import io.holdfast.node.cli.local.ClusterStop;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.local.LocalNode;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.Pause;
import io.holdfast.node.cli.output.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The cluster that the tour plays with: three nodes of this machine, each with a client that speaks to it
/// alone. Confined to the tour's thread but for the clients. Closing it leaves no process.
final class TourCluster implements AutoCloseable {
    private static final int NODE_COUNT = 3;
    private static final Duration START_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
    private static final Duration CALL_WITHIN = Duration.ofSeconds(5);
    private static final Duration PATIENT_CALL_WITHIN = Duration.ofSeconds(60);
    private static final Duration LEADER_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Path executable;
    private final Path directory;
    private final Progress progress;
    private final Map<String, ApiClient> clients = new LinkedHashMap<>();
    private final Thread ending = Thread.ofPlatform().name("tour-end").unstarted(this::killAll);
    private LocalCluster cluster;

    private TourCluster(Path executable, Path directory, Progress progress)
            throws CliException, IOException, InterruptedException {
        this.executable = executable;
        this.directory = directory;
        this.progress = progress;
        // Also when the user ends the tour in the middle.
        Runtime.getRuntime().addShutdownHook(ending);
        this.cluster = start(NODE_COUNT);
        for (LocalNode node : cluster.nodes()) {
            clients.put(node.name(), new ApiClient(accessTo(node), CALL_WITHIN));
        }
    }

    /// Who leads, and in which term.
    record Leader(LocalNode node, long term) {}

    /// Makes and starts the cluster; blocks until its nodes are ready.
    static TourCluster up(Path executable, Path directory, Progress progress)
            throws CliException, IOException, InterruptedException {
        return new TourCluster(executable, directory, progress);
    }

    List<LocalNode> nodes() {
        return cluster.nodes();
    }

    /// The nodes that run.
    List<LocalNode> running() {
        return cluster.nodes().stream().filter(node -> node.process().isPresent()).toList();
    }

    ApiClient client(LocalNode node) {
        ApiClient client = clients.get(node.name());
        if (client == null) {
            throw new IllegalStateException("no such node in the tour: name=" + node.name());
        }
        return client;
    }

    /// A client that begins with one node and goes on with the others.
    ApiClient clientBeginningWith(LocalNode first) throws CliException {
        List<String> endpoints = new ArrayList<>(List.of(first.apiAddress()));
        cluster.nodes().stream().filter(node -> !node.equals(first)).map(LocalNode::apiAddress)
                .forEach(endpoints::add);
        ClusterAccess access = cluster.access();
        return new ApiClient(
                new ClusterAccess(endpoints, access.authorityPem(), access.token()), CALL_WITHIN);
    }

    /// A client of one node for calls that take their time; the caller closes it.
    ApiClient patientClient(LocalNode node) throws CliException {
        return new ApiClient(accessTo(node), PATIENT_CALL_WITHIN);
    }

    /// Waits until a node that runs says that it leads.
    Leader awaitLeader() throws CliException, InterruptedException {
        long end = System.nanoTime() + LEADER_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            for (LocalNode node : running()) {
                Optional<Leader> leader = leaderIfIts(node);
                if (leader.isPresent()) {
                    return leader.get();
                }
            }
            Pause.of(LOOK_EVERY);
        }
        throw new CliException(
                ExitCode.UNAVAILABLE,
                "no node says that it leads: seconds=" + LEADER_WITHIN.toSeconds(),
                "their logs are below " + directory);
    }

    private Optional<Leader> leaderIfIts(LocalNode node) {
        try {
            JsonNode report = client(node).call(ApiRequest.get("/status/node"));
            JsonNode leadership = report.at("/ledgers/0/leadership");
            return leadership.path("role").asText().equals("leader")
                    ? Optional.of(new Leader(node, leadership.path("term").asLong()))
                    : Optional.empty();
        } catch (CliException silent) {
            return Optional.empty();
        }
    }

    /// kill -9.
    void kill(LocalNode node) throws InterruptedException {
        Optional<DetachedProcess> process = node.process();
        if (process.isPresent()) {
            process.get().kill();
        }
    }

    /// Starts what does not run; blocks until all are ready.
    void startAgain() throws CliException, IOException, InterruptedException {
        cluster = start(0);
    }

    ClusterStop.Result stop() throws CliException, IOException, InterruptedException {
        return new ClusterStop(progress, STOP_WITHIN).stop(directory);
    }

    private LocalCluster start(int nodeCount) throws CliException, IOException, InterruptedException {
        return new ClusterStart(executable, progress, START_WITHIN).start(directory, nodeCount);
    }

    private ClusterAccess accessTo(LocalNode node) throws CliException {
        ClusterAccess all = cluster.access();
        return new ClusterAccess(List.of(node.apiAddress()), all.authorityPem(), all.token());
    }

    private void killAll() {
        try {
            for (LocalNode node : LocalCluster.open(directory).nodes()) {
                kill(node);
            }
        } catch (CliException noneWasMade) {
            // Then there is nothing to kill.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        clients.values().forEach(ApiClient::close);
        killAll();
        Runtime.getRuntime().removeShutdownHook(ending);
    }
}
