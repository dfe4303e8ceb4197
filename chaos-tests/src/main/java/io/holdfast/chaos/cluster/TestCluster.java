package io.holdfast.chaos.cluster;

import io.holdfast.chaos.fault.ClockFault;
import io.holdfast.chaos.fault.FaultSite;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.network.LinkFaults;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.CommandRunner;
import io.holdfast.chaos.process.RunningProcess;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cluster of real node processes, made through the command line as an operator would: the first node
/// founds
/// it, the others join with tokens. Its processes end with it.
///
/// Starting, killing and closing are confined to the thread that injects faults; calls of the API come from
/// any thread.
public final class TestCluster implements FaultSite, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TestCluster.class);
    private static final int JOIN_ATTEMPT_COUNT_MAX = 5;
    private static final Duration READY_LIMIT = Duration.ofSeconds(150);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final CommandRunner RUNNER = new CommandRunner(Duration.ofMinutes(2));

    private final ClusterPlan plan;
    private final Map<String, NodePlace> places = new LinkedHashMap<>();
    private final List<String> members = new CopyOnWriteArrayList<>();
    private final Map<String, RunningProcess> processes = new ConcurrentHashMap<>();
    private final String authorityPem;
    private final String token;
    private final ApiClient api;

    private TestCluster(ClusterPlan plan, String authorityPem, String token) throws IOException {
        this.plan = plan;
        this.authorityPem = authorityPem;
        this.token = token;
        this.api = new ApiClient(authorityPem, token, CALL_LIMIT);
        plan.places().forEach(place -> places.put(place.name(), place));
    }

    /// Makes the cluster and waits until every node is ready.
    public static TestCluster open(ClusterPlan plan)
            throws IOException, InterruptedException, TimeoutException {
        return open(plan, plan.places().size());
    }

    /// Makes a cluster of the plan's first nodes and waits until each is ready; the others may join it later.
    public static TestCluster open(ClusterPlan plan, int nodeCount)
            throws IOException, InterruptedException, TimeoutException {
        for (NodePlace place : plan.places()) {
            NodeFiles files = new NodeFiles(plan.folder().resolve(place.name()));
            files.write(place, plan.settings());
            Files.writeString(files.clock(), ClockFault.RIGHT);
        }
        NodePlace first = plan.places().getFirst();
        Path authority = plan.folder().resolve("ca.crt");
        Json founded = Json.parse(holdfast(plan, first, "cluster", "init",
                "--config", new NodeFiles(plan.folder().resolve(first.name())).config().toString(),
                "--name", "chaos", "--ca", authority.toString(), "-o", "json"));
        TestCluster cluster =
                new TestCluster(plan, Files.readString(authority), founded.text("token"));
        try {
            cluster.members.add(first.name());
            cluster.start(first.name());
            cluster.awaitReady(List.of(first.name()), READY_LIMIT);
            for (NodePlace place : plan.places().subList(1, nodeCount)) {
                cluster.admit(place.name(), first.name());
            }
            cluster.awaitReady(cluster.nodes(), READY_LIMIT);
            return cluster;
        } catch (IOException | InterruptedException | TimeoutException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Nodes of the plan that are no members.
    public List<String> guests() {
        return places.keySet().stream().filter(node -> !members.contains(node)).toList();
    }

    /// Lets a node join by a token, and starts it; does not wait until it is ready.
    ///
    /// @param through a member that is asked
    public void admit(String node, String through)
            throws IOException, InterruptedException, TimeoutException {
        join(place(node), place(through));
        start(node);
        members.add(node);
    }

    /// Lets a node be drained and shut out, ends it, and forgets all that it kept, so that it can be admitted
    /// anew.
    ///
    /// @param through a member that is asked
    public void dismiss(String node, String through)
            throws IOException, InterruptedException, TimeoutException {
        order(node, "drain", through);
        order(node, "evict", through);
        members.remove(node);
        kill(node);
        NodeFiles files = files(node);
        Trees.delete(files.folder());
        files.write(place(node), plan.settings());
        Files.writeString(files.clock(), ClockFault.RIGHT);
    }

    private void order(String node, String action, String through)
            throws TimeoutException, InterruptedException {
        ApiCall call = ApiCall.post("/v1/nodes/" + node + "/" + action, Json.object().build());
        Await.real().untilTrue("node " + node + " told to " + action, READY_LIMIT,
                () -> outcomeOf(addressOf(through), call) instanceof ApiOutcome.Answered answered
                        && (answered.isSuccess() || answered.status() == 409));
    }

    /// Copies all that a node keeps; it must not run.
    public void copyFiles(String node, Path to) throws IOException {
        Trees.delete(to);
        Trees.copy(files(node).folder(), to);
    }

    /// Puts a copy in the place of all that a node keeps; it must not run.
    public void putBack(String node, Path from) throws IOException {
        Path folder = files(node).folder();
        Trees.delete(folder);
        Trees.copy(from, folder);
    }

    /// Whether the node's process runs.
    public boolean isRunning(String node) {
        RunningProcess process = processes.get(node);
        return process != null && process.isAlive();
    }

    /// How the node's process ended that was started last; empty if it runs, or was killed by us.
    public OptionalInt exitCodeOf(String node) {
        RunningProcess process = processes.get(node);
        return process == null ? OptionalInt.empty() : process.exitCode();
    }

    /// What the node printed so far.
    public Path outputOf(String node) {
        return files(node).output();
    }

    /// A busy machine lets connections time out; then it is tried again, as an operator would.
    private void join(NodePlace place, NodePlace first)
            throws IOException, InterruptedException, TimeoutException {
        ApiCall create = ApiCall.post("/v1/join-tokens", Json.object().put("note", place.name()).build());
        for (int attempt = 1; ; attempt++) {
            Json created = Await.real().until("a join token for " + place.name(), READY_LIMIT,
                    () -> tokenFrom(first.apiAddress(), create));
            try {
                holdfast(plan, place, "node", "join", "--config", files(place.name()).config().toString(),
                        "--address", first.apiAddress(), "--token", created.text("token"));
                return;
            } catch (IOException e) {
                if (attempt == JOIN_ATTEMPT_COUNT_MAX) {
                    throw e;
                }
                LOG.info("join is tried again, node={}, reason={}", place.name(), e.getMessage());
            }
        }
    }

    /// A slow answer is waited for; a refusal is told at once.
    private Optional<Json> tokenFrom(String address, ApiCall call) {
        return switch (outcomeOf(address, call)) {
            case ApiOutcome.Answered answered when answered.isSuccess() -> Optional.of(answered.body());
            case ApiOutcome.Answered answered when !answered.isUnavailable() && answered.status() != 504 ->
                throw new IllegalStateException("no join token: " + answered);
            case ApiOutcome _ -> Optional.empty();
        };
    }

    private ApiOutcome outcomeOf(String address, ApiCall call) {
        try {
            return api.call(address, call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling " + address, e);
        }
    }

    private static String holdfast(ClusterPlan plan, NodePlace place, String... words)
            throws IOException, InterruptedException {
        Command command = Command.of(words)
                .prefixedBy(List.of(plan.executable().toString()))
                .with("HOLDFAST_NO_BUILD", "1");
        return RUNNER.run(plan.mover().move(place.name(), command)).orThrow().output();
    }

    /// Waits until each of these nodes says that it is ready.
    public void awaitReady(List<String> names, Duration limit) throws TimeoutException, InterruptedException {
        for (String name : names) {
            Await.real().untilTrue(name + " ready", limit, () -> isReady(name));
        }
    }

    /// Whether the node says that it is ready, asked once.
    public boolean saysReady(String name) {
        return isRunning(name) && outcomeOf(addressOf(name), ApiCall.get("/readyz"))
                        instanceof ApiOutcome.Answered answered
                && answered.isSuccess();
    }

    private boolean isReady(String name) {
        RunningProcess process = processes.get(name);
        if (process != null && !process.isAlive()) {
            throw new IllegalStateException("node ended instead of becoming ready, exitCode="
                    + process.exitCode() + ", output=" + files(name).output());
        }
        return outcomeOf(addressOf(name), ApiCall.get("/readyz")) instanceof ApiOutcome.Answered answered
                && answered.isSuccess();
    }

    /// `host:port` of the node's API.
    public String addressOf(String node) {
        return place(node).apiAddress();
    }

    public NodePlace place(String node) {
        NodePlace place = places.get(node);
        if (place == null) {
            throw new IllegalArgumentException("no such node: " + node);
        }
        return place;
    }

    /// The cluster's administrator, as a client of its API.
    public ApiClient newClient(Duration limit) throws IOException {
        return new ApiClient(authorityPem, token, limit);
    }

    /// The authority that the cluster's certificates are signed by.
    public String authorityPem() {
        return authorityPem;
    }

    /// Where the node keeps its files.
    public Path folderOf(String node) {
        return files(node).folder();
    }

    /// Where the node serves block devices to clients on this host.
    public Path nbdSocketOf(String node) {
        return files(node).nbdSocket();
    }

    private NodeFiles files(String node) {
        return new NodeFiles(plan.folder().resolve(node));
    }

    @Override
    public List<String> nodes() {
        return List.copyOf(members);
    }

    @Override
    public Optional<LinkFaults> links() {
        return plan.links();
    }

    @Override
    public long pidOf(String node) throws IOException {
        RunningProcess process = processes.get(node);
        if (process == null || !process.isAlive()) {
            throw new IOException("node does not run: " + node);
        }
        return process.pid();
    }

    @Override
    public void kill(String node) throws IOException {
        RunningProcess process = processes.remove(node);
        if (process != null) {
            process.close();
        }
    }

    @Override
    public void start(String node) throws IOException {
        RunningProcess running = processes.get(node);
        if (running != null && running.isAlive()) {
            return;
        }
        NodeFiles files = files(node);
        Command command = Command.of(plan.executable().toString(), "node", "run",
                        "--config", files.config().toString())
                .with("HOLDFAST_NO_BUILD", "1")
                .loggedTo(files.output());
        if (plan.hasMovableClocks()) {
            command = withClock(command, files);
        }
        processes.put(node, RunningProcess.start(plan.mover().move(node, command)));
    }

    private static Command withClock(Command command, NodeFiles files) throws IOException {
        Path library = Capability.fakeTimeLibrary()
                .orElseThrow(() -> new UnsupportedOperationException(Capability.FAKETIME.missing()));
        return command.with("LD_PRELOAD", library.toString())
                .with("FAKETIME_TIMESTAMP_FILE", files.clock().toString())
                // Without a cache each look at the clock would open the file, and a start takes minutes.
                .with("FAKETIME_CACHE_DURATION", "1")
                .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                // Its remedy for old C libraries makes every timed wait of a JVM return at once.
                .with("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    @Override
    public Optional<Path> clockFile(String node) {
        return plan.hasMovableClocks() ? Optional.of(files(node).clock()) : Optional.empty();
    }

    @Override
    public Optional<Path> dataFolder(String node) {
        return Optional.of(files(node).folder());
    }

    /// Kills every process; files stay.
    @Override
    public void close() throws IOException {
        api.close();
        for (String node : places.keySet()) {
            kill(node);
        }
    }
}
