package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.Choice;
import io.holdfast.chaos.fault.Fault;
import io.holdfast.chaos.fault.FaultInjector;
import io.holdfast.chaos.fault.FaultKinds;
import io.holdfast.chaos.fault.FaultPlan;
import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.soak.Cadence;
import io.holdfast.chaos.soak.FaultNames;
import io.holdfast.chaos.soak.SoakTally;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Faults of all families at once, each family on its own cadence, at most one of each at a time. A node that
/// ended by itself is started again, as a supervisor would. Confined to the thread that injects faults.
///
/// Within the promise, all faults of one moment spoil the same node, and the next node is spoilt when all is
/// well again. Beyond it they may spoil so many that no majority is left, which the cluster has to survive
/// but cannot work through.
final class FaultMix {
    private static final Logger LOG = LoggerFactory.getLogger(FaultMix.class);
    private static final Duration TICK = Duration.ofMillis(25);
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    /// So long a killed node may stay away before the next one dies: the cluster is to get on in between.
    private static final Duration KILL_SPACING_MAX = Duration.ofSeconds(20);
    /// After this long another node is spoilt, as soon as all is well.
    private static final Duration TURN = Duration.ofSeconds(10);

    private final TestCluster cluster;
    private final NodeWatch watch;
    private final FaultInjector injector;
    private final SoakTally tally;
    private final SplittableRandom random;
    private final Map<Family, List<FaultPlan.Kind>> kinds = new EnumMap<>(Family.class);
    private final Map<Family, List<FaultPlan.Kind>> left = new EnumMap<>(Family.class);
    private final Map<Family, Active> active = new EnumMap<>(Family.class);
    private final List<String> hosts;
    private long lastKillNanos = System.nanoTime();
    private Reach reach = Reach.BEYOND_THE_PROMISE;
    private Optional<String> spoilt = Optional.empty();
    private long spoiltSinceNanos;

    /// How many nodes may be spoilt at the same time.
    enum Reach { WITHIN_THE_PROMISE, BEYOND_THE_PROMISE }

    /// What belongs together.
    enum Family {
        NETWORK(2_500), KILL(1_500), DISK(3_500), HOST(4_000);

        private final int lastingMillisMax;

        Family(int lastingMillisMax) {
            this.lastingMillisMax = lastingMillisMax;
        }
    }

    private record Active(FaultInjector.Lasting lasting, long healNanos) {}

    FaultMix(TestCluster cluster, NodeWatch watch, FaultInjector injector, SoakTally tally,
            SplittableRandom random, Production.Means means) {
        this.cluster = cluster;
        this.watch = watch;
        this.injector = injector;
        this.tally = tally;
        this.random = random;
        this.hosts = cluster.nodes();
        List<FaultPlan.Kind> network = new ArrayList<>(FaultKinds.cuts());
        if (means.hasTroubles()) {
            network.addAll(FaultKinds.troubles());
        }
        List<FaultPlan.Kind> disks = new ArrayList<>(FaultKinds.disks());
        disks.addAll(FaultKinds.brokenDisks());
        List<FaultPlan.Kind> starved = new ArrayList<>(FaultKinds.starvation());
        if (means.hasClocks()) {
            starved.addAll(FaultKinds.clocks());
        }
        kinds.put(Family.NETWORK, means.hasNetwork() ? network : List.of());
        kinds.put(Family.KILL, List.of(_ -> new KillFault(List.of(victim()))));
        kinds.put(Family.DISK, means.hasDisks() ? disks : List.of());
        kinds.put(Family.HOST, starved);
    }

    /// Whether this host can do such faults.
    boolean has(Family family) {
        return !kinds.getOrDefault(family, List.of()).isEmpty();
    }

    /// Plays so many of each, spread over the time; if the machine is slow, for half as long again.
    ///
    /// @param nextChange when the next change is acknowledged that is sent from now on
    void play(
            Reach wanted, Duration span, Map<Family, Integer> counts,
                    Supplier<CompletableFuture<Long>> nextChange)
            throws IOException, InterruptedException {
        reach = wanted;
        spoilt = Optional.empty();
        long from = System.nanoTime();
        long to = from + span.toNanos();
        Map<Family, Cadence> cadences = new EnumMap<>(Family.class);
        counts.forEach((family, count) -> cadences.put(family, new Cadence(from, to, count)));
        try {
            while (isGoingOn(cadences, from, span)) {
                healDue(System.nanoTime());
                boolean maySpoil = chooseSpoilt();
                for (Map.Entry<Family, Cadence> entry : cadences.entrySet()) {
                    Family family = entry.getKey();
                    if (maySpoil && entry.getValue().isDue(System.nanoTime()) && isFree(family)) {
                        begin(family, entry.getValue(), nextChange);
                    }
                }
                startEnded();
                Pause.REAL.of(TICK);
            }
        } finally {
            healDue(Long.MAX_VALUE);
        }
    }

    private static boolean isGoingOn(Map<Family, Cadence> cadences, long from, Duration span) {
        long passed = System.nanoTime() - from;
        boolean isDone = cadences.values().stream().allMatch(Cadence::isDone);
        return passed < span.toNanos() || (!isDone && passed < span.toNanos() + span.toNanos() / 2);
    }

    /// Whose turn it is; every third time the leader's.
    ///
    /// @return whether faults may begin: not while all is to become well for the next turn
    private boolean chooseSpoilt() {
        if (reach == Reach.BEYOND_THE_PROMISE) {
            return true;
        }
        long now = System.nanoTime();
        if (spoilt.isPresent() && now - spoiltSinceNanos < TURN.toNanos()) {
            return true;
        }
        if (!active.isEmpty() || !watch.isAllReady()) {
            return false;
        }
        spoilt = Optional.of(victim());
        spoiltSinceNanos = now;
        return true;
    }

    private boolean isFree(Family family) {
        if (active.containsKey(family)) {
            return false;
        }
        return family != Family.KILL || watch.isAllReady()
                || System.nanoTime() - lastKillNanos > KILL_SPACING_MAX.toNanos();
    }

    private void begin(Family family, Cadence cadence, Supplier<CompletableFuture<Long>> nextChange)
            throws IOException, InterruptedException {
        List<String> running = (family == Family.DISK ? hosts : cluster.nodes()).stream()
                .filter(cluster::isRunning).toList();
        boolean isDown =
                family != Family.NETWORK && spoilt.filter(node -> !running.contains(node)).isPresent();
        if (running.size() < 2 || isDown) {
            return;
        }
        Fault fault = draw(family).make(new Choice(random, running, spoilt));
        boolean isLeader = fault instanceof KillFault kill
                && watch.leader().filter(kill.nodes()::contains).isPresent();
        long applied = System.nanoTime();
        Optional<FaultInjector.Lasting> lasting;
        try {
            lasting = injector.begin(fault);
        } catch (IOException e) {
            LOG.info("fault missed its node, fault={}, reason={}", fault.describe(), e.toString());
            tally.count("faults that missed their node", 1);
            return;
        }
        cadence.begin();
        if (lasting.isEmpty()) {
            return;
        }
        tally.fault(FaultNames.of(fault));
        if (family == Family.KILL) {
            lastKillNanos = applied;
        }
        if (isLeader) {
            var _ = nextChange.get().thenAccept(acknowledged ->
                    tally.time("leader killed amid faults, next change", (acknowledged - applied) / 1e6));
        }
        long half = Duration.ofMillis(family.lastingMillisMax).toNanos() / 2;
        active.put(family, new Active(lasting.get(), System.nanoTime() + half + random.nextLong(half)));
    }

    private FaultPlan.Kind draw(Family family) {
        List<FaultPlan.Kind> open = left.computeIfAbsent(family, _ -> new ArrayList<>());
        if (open.isEmpty()) {
            open.addAll(kinds.getOrDefault(family, List.of()));
        }
        return open.remove(random.nextInt(open.size()));
    }

    /// Every third time the leader.
    private String victim() {
        if (spoilt.isPresent() && System.nanoTime() - spoiltSinceNanos < TURN.toNanos()) {
            return spoilt.get();
        }
        List<String> running = cluster.nodes().stream().filter(cluster::isRunning).toList();
        Optional<String> leader = watch.leader().filter(running::contains);
        return leader.isPresent() && random.nextInt(3) == 0
                ? leader.get()
                : running.get(random.nextInt(running.size()));
    }

    private void healDue(long nowNanos) throws IOException, InterruptedException {
        for (Family family : Set.copyOf(active.keySet())) {
            Active one = active.get(family);
            if (one != null && one.healNanos() <= nowNanos) {
                active.remove(family);
                one.lasting().heal();
            }
        }
    }

    /// Those that a fault holds down are started when it is healed.
    private void startEnded() throws IOException {
        Set<String> held = new HashSet<>();
        active.values().forEach(one -> held.addAll(cluster.nodes().stream()
                .filter(one.lasting().fault().describe()::contains).toList()));
        for (String node : cluster.nodes()) {
            if (!cluster.isRunning(node) && !held.contains(node)) {
                LOG.info("node ended by itself and is started again, node={}, exitCode={}",
                        node, cluster.exitCodeOf(node));
                tally.count("nodes that ended by themselves, started again", 1);
                cluster.start(node);
            }
        }
    }

    /// Waits until all are ready, starting those that end.
    void awaitAllReady() throws IOException, InterruptedException, TimeoutException {
        long since = System.nanoTime();
        while (!cluster.nodes().stream().allMatch(cluster::saysReady)) {
            startEnded();
            if (System.nanoTime() - since > READY_LIMIT.toNanos()) {
                throw new TimeoutException("not all nodes become ready, ready="
                        + cluster.nodes().stream().filter(watch::isReady).toList());
            }
            Pause.REAL.of(TICK);
        }
    }
}
