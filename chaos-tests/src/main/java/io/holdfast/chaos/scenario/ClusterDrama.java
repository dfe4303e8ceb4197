package io.holdfast.chaos.scenario;

import io.holdfast.chaos.checker.Availability;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiClient;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.FaultInjector;
import io.holdfast.chaos.fault.TimelineEntry;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.report.Sample;
import io.holdfast.chaos.soak.SoakTally;
import io.holdfast.chaos.workload.CopyJudge;
import io.holdfast.chaos.workload.VolumeWorkload;
import io.holdfast.chaos.workload.WorkloadRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all scenarios on a cluster have in common: clients work, faults come and go, everything is judged and
/// reported. Confined to the scenario's thread.
final class ClusterDrama implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDrama.class);
    private static final int CLIENT_COUNT = 4;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);
    private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(90);
    private static final Duration VOLUME_LIMIT = Duration.ofMinutes(3);
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration ENOUGH_LIMIT = Duration.ofMinutes(2);
    private static final String VOLUME_PROFILE = "2+1";
    /// Many blocks are read back and few are written: to judge them costs little, to keep them safe much.
    private static final VolumeWorkload.Load VOLUME_LOAD = new VolumeWorkload.Load(1_024, 128, 5, 2_500);
    private static final long SLICE_NANOS = 250_000_000L;

    private final TestCluster cluster;
    private final ApiClient api;
    private final WorkloadRun workload;
    private final VolumeWorkload volume;
    private final FaultInjector injector;
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final Map<String, List<Double>> stallsMillis = new LinkedHashMap<>();
    private final List<String> skips = new ArrayList<>();
    private final SplittableRandom random;
    private final long fromNanos;
    private final List<Verdict> judged = new ArrayList<>();
    private final List<Guest> guests;
    private boolean hasVolume;

    private ClusterDrama(TestCluster cluster, ScenarioStage stage) throws IOException {
        this.cluster = cluster;
        this.api = cluster.newClient(CALL_LIMIT);
        List<String> addresses = cluster.nodes().stream().map(cluster::addressOf).toList();
        this.workload = new WorkloadRun(api, addresses, stage.seed(),
                new WorkloadRun.Size(CLIENT_COUNT, PROGRESS_LIMIT), System::nanoTime, Pause.REAL);
        Map<String, Path> sockets = new LinkedHashMap<>();
        cluster.nodes().forEach(node -> sockets.put(node, cluster.nbdSocketOf(node)));
        this.volume = new VolumeWorkload(
                sockets, VOLUME_LOAD, stage.seed(), VOLUME_LIMIT, System::nanoTime);
        this.injector = new FaultInjector(cluster, System::nanoTime, Pause.REAL);
        this.guests = cluster.guests().stream()
                .map(node -> new Guest(cluster, injector, node, stage.folder()))
                .toList();
        this.random = new SplittableRandom(stage.seed());
        this.fromNanos = System.nanoTime();
    }

    /// Starts the clients and lets them work undisturbed for a while.
    static ClusterDrama begin(TestCluster cluster, ScenarioStage stage)
            throws IOException, InterruptedException, TimeoutException {
        ClusterDrama drama = new ClusterDrama(cluster, stage);
        try {
            drama.workload.start();
            Pause.REAL.of(WARM_UP);
            drama.awaitChange();
            return drama;
        } catch (InterruptedException | TimeoutException | RuntimeException e) {
            drama.close();
            throw e;
        }
    }

    FaultInjector injector() {
        return injector;
    }

    List<String> nodes() {
        return cluster.nodes();
    }

    /// Nodes that may join and leave; none of them is a member yet.
    List<Guest> guests() {
        return guests;
    }

    /// Starts nodes that ended, as a supervisor would.
    void startEnded() throws IOException {
        for (String node : cluster.nodes()) {
            cluster.start(node);
        }
    }

    /// Waits until what a lost node took along is there again.
    void awaitRepaired() throws TimeoutException, InterruptedException {
        new Repairs(api, cluster.nodes().stream().map(cluster::addressOf).toList()).await();
    }

    /// Plays faults of all families at once, and waits until all nodes are ready again.
    void mix(Production.Means means, Duration span, Map<FaultMix.Family, Integer> counts)
            throws IOException, InterruptedException, TimeoutException {
        SoakTally tally = new SoakTally();
        try (NodeWatch watch = NodeWatch.start(cluster, api, cluster.nodes())) {
            FaultMix faults = new FaultMix(cluster, watch, injector, tally, random, means);
            Map<FaultMix.Family, Integer> possible = new EnumMap<>(FaultMix.Family.class);
            counts.forEach((family, count) -> possible.put(family, faults.has(family) ? count : 0));
            faults.play(FaultMix.Reach.BEYOND_THE_PROMISE, span, possible, workload::nextChange);
            faults.awaitAllReady();
        }
        tally.sums().faults().forEach((name, count) -> figure("fault " + name, count));
        tally.sums().counts().forEach((name, count) -> figure(name, (double) count));
    }

    /// What was judged besides the workloads.
    void judged(Verdict verdict) {
        judged.add(verdict);
    }

    /// From here on a volume is written, too.
    void beginVolume() throws TimeoutException, InterruptedException {
        if (hasVolume) {
            return;
        }
        volume.start(api, cluster.addressOf(cluster.nodes().getFirst()), VOLUME_PROFILE);
        hasVolume = true;
    }

    /// The node that serves the volume.
    String servingNode() {
        return volume.servingNode();
    }

    /// Waits until both writers write at another node than this one.
    void noteTakeover(String kind, String formerNode) throws IOException, InterruptedException {
        try {
            note(kind, volume.awaitWrite(node -> !node.equals(formerNode)));
        } catch (TimeoutException e) {
            throw new IOException("no node took the volume over, formerNode=" + formerNode, e);
        }
    }

    /// Waits until the volume can be written.
    void awaitVolume() throws TimeoutException, InterruptedException {
        volume.awaitWrite(_ -> true);
    }

    /// How many calls, leases and blocks were judged so far or will be at the end.
    long checkedCount() {
        WorkloadRun.Counts calls = workload.counts();
        VolumeWorkload.Counts blocks = volume.counts();
        return calls.ok() + calls.failed() + calls.unknown() + calls.leaseEvents()
                + blocks.read() + blocks.safe() + blocks.unanswered();
    }

    /// Waits until so many are.
    void awaitChecked(long count) throws TimeoutException, InterruptedException {
        Await.real().untilTrue(count + " checked operations", ENOUGH_LIMIT, () -> checkedCount() >= count);
    }

    /// The nodes in an order drawn from the seed; the caller may change the list.
    List<String> shuffledNodes() {
        List<String> order = new ArrayList<>(cluster.nodes());
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    SplittableRandom random() {
        return random;
    }

    /// Waits until each of these nodes says that it is ready.
    void awaitReady(List<String> nodes) throws TimeoutException, InterruptedException {
        cluster.awaitReady(nodes, READY_LIMIT);
    }

    /// Every node's copy must come to what the ledger has now.
    void judgeCopies() throws TimeoutException, InterruptedException {
        workload.copies().judgeComplete(cluster.nodes().stream().map(cluster::addressOf).toList());
    }

    /// What a node serves that is cut off from the others.
    void judgeMinority(String alone, Duration lasting) throws IOException, InterruptedException {
        List<String> others = cluster.nodes().stream()
                .filter(node -> !node.equals(alone))
                .map(cluster::addressOf)
                .toList();
        try {
            workload.copies().judgeMinority(cluster.addressOf(alone), others, lasting);
        } catch (TimeoutException e) {
            throw new IOException("the majority does not answer, alone=" + alone, e);
        }
    }

    void figure(String name, double value) {
        figures.put(name, value);
    }

    /// The node that leads, as some node says.
    String leader() throws TimeoutException, InterruptedException {
        return Await.real().until("a leader", PROGRESS_LIMIT, this::askForLeader);
    }

    private Optional<String> askForLeader() {
        for (String node : cluster.nodes()) {
            try {
                if (api.call(cluster.addressOf(node), ApiCall.get("/v1/status"))
                                instanceof ApiOutcome.Answered answered
                        && answered.body().member("leader").orElse(null) instanceof Json.Text(String leader)
                        && cluster.nodes().contains(leader)) {
                    return Optional.of(leader);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while asking for the leader", e);
            }
        }
        return Optional.empty();
    }

    /// Waits until a change that is sent from now on is acknowledged; how long that takes.
    Duration awaitChange() throws IOException, InterruptedException {
        long since = System.nanoTime();
        try {
            long acknowledged =
                    workload.nextChange().get(PROGRESS_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return Duration.ofNanos(acknowledged - since);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wait cannot fail", e);
        } catch (TimeoutException e) {
            IOException stopped = new IOException("no change was acknowledged any more", e);
            workload.failures().forEach(stopped::addSuppressed);
            throw stopped;
        }
    }

    /// As above, as the stall that a fault of this kind made just now.
    void noteStall(String kind) throws IOException, InterruptedException {
        note(kind, awaitChange());
    }

    /// How long something took.
    void noteTime(String kind, Duration time) {
        stallsMillis.computeIfAbsent(kind, _ -> new ArrayList<>()).add(time.toNanos() / 1e6);
    }

    private void note(String kind, Duration stall) {
        noteTime(kind, stall);
        LOG.info("writing goes on after a fault, kind={}, millis={}", kind, stall.toMillis());
    }

    /// What could not be tried, for the report.
    void skipped(List<String> reasons) {
        skips.addAll(reasons);
    }

    /// Ends the work, judges it, and tells everything.
    RunReport end(Scenario scenario, ScenarioStage stage) throws TimeoutException, InterruptedException {
        long toNanos = System.nanoTime();
        List<Verdict> verdicts = new ArrayList<>(judged);
        if (hasVolume) {
            verdicts.addAll(volume.finish());
            figure("volumeSafeWrites", (double) volume.counts().safe());
            figure("volumeUnansweredWrites", (double) volume.counts().unanswered());
            figure("volumeBlocksRead", (double) volume.counts().read());
        }
        verdicts.addAll(workload.finish());
        figure("checkedOperations", (double) checkedCount());
        History<String, String> operations = workload.operations();
        measure(toNanos);
        injector.timeline().stream()
                .filter(entry -> !entry.isApplied())
                .map(entry -> entry.fault() + ": " + entry.outcome())
                .forEach(skips::add);
        return new RunReport(scenario.title(), stage.seed(), stage.replay(), fromNanos, toNanos,
                injector.timeline(), Sample.of(operations, fromNanos, toNanos, SLICE_NANOS), verdicts,
                        figures,
                skips, stage.folder().toString());
    }

    private void measure(long toNanos) {
        History<String, String> changes = workload.changes();
        Availability availability = Availability.of(changes);
        Availability.Window whole = new Availability.Window(fromNanos, toNanos);
        List<Availability.Window> faulty = injector.timeline().stream()
                .filter(TimelineEntry::isApplied)
                .map(entry -> new Availability.Window(entry.appliedNanos(), entry.healedNanos()))
                .toList();
        double healthy = availability.perSecond(Availability.outside(whole, faulty));
        figure("faultCount", faulty.size());
        figure("changesPerSecondHealthy", healthy);
        figure("changesPerSecondInFaults", availability.perSecond(faulty));
        Availability.Window stall = availability.longestStall(whole);
        figure("longestStallMillis", stall.seconds() * 1_000);
        figure("longestStallBeganMillis", (stall.fromNanos() - fromNanos) / 1e6);
        History<String, String> operations = workload.operations();
        figure("unknownPercent", 100.0 * operations.unknownCount() / Math.max(1, operations.size()));
        CopyJudge.Counts judged = workload.copies().counts();
        if (judged.complete() > 0) {
            figure("copiesJudgedCount", judged.complete());
            figure("minoritiesJudgedCount", judged.minorities());
            figure("minoritiesSilentCount", judged.silentMinorities());
        }
        stallsMillis.forEach((kind, millis) -> {
            List<Double> sorted = millis.stream().sorted().toList();
            figure(kind + "Count", sorted.size());
            figure(kind + "MillisMedian", sorted.get(sorted.size() / 2));
            figure(kind + "MillisMax", sorted.getLast());
        });
    }

    @Override
    public void close() {
        volume.close();
        workload.abandon();
        api.close();
    }
}
