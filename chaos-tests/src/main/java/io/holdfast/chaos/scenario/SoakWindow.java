package io.holdfast.chaos.scenario;

import io.holdfast.chaos.checker.Availability;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiClient;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.Fault;
import io.holdfast.chaos.fault.FaultInjector;
import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.fault.RotFault;
import io.holdfast.chaos.fault.TimelineEntry;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.report.Sample;
import io.holdfast.chaos.soak.FaultNames;
import io.holdfast.chaos.soak.SoakDocument;
import io.holdfast.chaos.soak.SoakTally;
import io.holdfast.chaos.workload.RolloutWorkload;
import io.holdfast.chaos.workload.VolumeWorkload;
import io.holdfast.chaos.workload.WorkloadRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One window of a soak: all is well for a while; the leader dies alone; faults of all families come and go,
/// in most windows on one node at a time, in the others on any; the whole cluster dies; everything is
/// judged. In every third window a guest joins before the faults; after them its disk rots, or it comes back
/// with an older copy, and it leaves. Confined to the scenario's thread.
final class SoakWindow {
    private static final Logger LOG = LoggerFactory.getLogger(SoakWindow.class);
    static final int CLIENT_COUNT = 4;
    private static final int ELEMENT_COUNT_MAX = 50;
    /// Most of the machine is for what dies and starts again.
    static final Duration STEP_PAUSE = Duration.ofMillis(150);
    private static final Duration REST_LIMIT = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration HEALTHY = Duration.ofSeconds(8);
    /// What comes after the faults, on an idle machine.
    private static final Duration TAIL = Duration.ofSeconds(20);
    private static final Duration GUEST_TAIL = Duration.ofSeconds(45);
    /// Data has to go to a guest and away from it again, which takes longer than all else in a window.
    private static final int GUEST_EVERY = 3;
    private static final Duration FAULTS_MIN = Duration.ofSeconds(20);
    private static final Duration READ_AFTER_ROT = Duration.ofSeconds(2);
    private static final long SLICE_NANOS = 5_000_000_000L;
    private static final int ROTTEN_BLOCK_COUNT = 3;
    /// In every fourth window faults may spoil any node at any time.
    private static final int BEYOND_EVERY = 4;
    private static final List<RotFault.Damage> DAMAGES = List.of(RotFault.Damage.values());

    private final Crew crew;
    private final Guest guest;
    private final int number;
    private final long seed;
    private final WorkloadRun workload;
    private final RolloutWorkload rollouts;
    private final List<String> hosts;
    private final List<String> addresses;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final long fromNanos = System.nanoTime();

    /// What lasts longer than a window.
    record Crew(TestCluster cluster, ApiClient api, NodeWatch watch, VolumeWorkload volume,
            FaultInjector injector, SoakTally tally, FaultMix faults) {}

    SoakWindow(Crew crew, Guest guest, int number, long seed) {
        this.crew = crew;
        this.guest = guest;
        this.number = number;
        this.seed = seed;
        this.hosts = crew.cluster().nodes();
        this.addresses = hosts.stream().map(crew.cluster()::addressOf).toList();
        this.workload = new WorkloadRun(crew.api(), addresses, seed,
                new WorkloadRun.Size(
                        CLIENT_COUNT, REST_LIMIT, "w" + number + "-", ELEMENT_COUNT_MAX, STEP_PAUSE),
                System::nanoTime, Pause.REAL);
        this.rollouts = new RolloutWorkload(
                crew.api(), addresses, seed - 3, "chaos-" + number, REST_LIMIT, Pause.REAL);
    }

    /// Plays it; afterwards nothing of it is kept but the sums.
    ///
    /// @param untilNanos when it should be over; a busy machine takes longer
    void play(long untilNanos, Map<FaultMix.Family, Integer> counts, SoakProgress progress)
            throws IOException, InterruptedException, TimeoutException {
        workload.start();
        rollouts.start();
        progress.follow(workload);
        try {
            Pause.REAL.of(WARM_UP);
            awaitChange();
            Availability.Window healthy = during(() -> Pause.REAL.of(HEALTHY));
            leaderDies();
            if (hasGuest()) {
                crew.tally().time(
                        "guest told to join, ready", (double) guest.join(hosts.getFirst()).toMillis());
            }
            Duration span =
                    Duration.ofNanos(untilNanos - System.nanoTime()).minus(hasGuest() ? GUEST_TAIL : TAIL);
            Duration faulty = span.compareTo(FAULTS_MIN) < 0 ? FAULTS_MIN : span;
            Availability.Window mixed =
                    during(() -> crew.faults().play(reach(), faulty, counts, workload::nextChange));
            crew.faults().awaitAllReady();
            wholeClusterDies();
            if (hasGuest()) {
                guestLeaves();
            }
            judge(healthy, mixed);
        } finally {
            progress.forget();
            workload.abandon();
            rollouts.abandon();
        }
    }

    private FaultMix.Reach reach() {
        return number % BEYOND_EVERY == 0
                ? FaultMix.Reach.BEYOND_THE_PROMISE
                : FaultMix.Reach.WITHIN_THE_PROMISE;
    }

    private boolean hasGuest() {
        return number % GUEST_EVERY == 1;
    }

    /// What takes its time.
    @FunctionalInterface
    private interface Phase {
        void play() throws IOException, InterruptedException;
    }

    private static Availability.Window during(Phase phase) throws IOException, InterruptedException {
        long from = System.nanoTime();
        phase.play();
        return new Availability.Window(from, System.nanoTime());
    }

    private void leaderDies() throws IOException, InterruptedException, TimeoutException {
        String leader = Await.real().until("a leader", REST_LIMIT, crew.watch()::leader);
        long since = System.nanoTime();
        inject(new KillFault(List.of(leader)), () -> {
            awaitChange();
            note("leader killed alone, next change", since);
        });
        crew.faults().awaitAllReady();
        awaitVolume();
    }

    private void wholeClusterDies() throws IOException, InterruptedException, TimeoutException {
        inject(new KillFault(crew.cluster().nodes()), () -> {});
        long since = System.nanoTime();
        awaitChange();
        note("whole cluster killed and started, next change", since);
        crew.faults().awaitAllReady();
        note("whole cluster killed and started, all ready", since);
        awaitVolume();
        note("whole cluster killed and started, volume written", since);
    }

    /// Nothing else is wrong meanwhile: what one host loses for good is all that 2+1 promises to outlive.
    private void guestLeaves() throws IOException, InterruptedException, TimeoutException {
        new Repairs(crew.api(), addresses).await();
        int visit = number / GUEST_EVERY;
        if (visit % 2 == 1) {
            verdicts.add(guest.restartWithOlderCopy());
            crew.tally().fault("restart with an older copy of the data");
        } else {
            RotFault.Damage damage = DAMAGES.get(visit / 2 % DAMAGES.size());
            inject(new RotFault(guest.node(), damage, ROTTEN_BLOCK_COUNT, seed),
                    () -> Pause.REAL.of(READ_AFTER_ROT));
        }
        guest.leave(hosts.getFirst(), false);
        crew.tally().fault("node joins, is drained and evicted");
        long since = System.nanoTime();
        awaitChange();
        new Repairs(crew.api(), addresses).await();
        note("guest evicted, no chunk at risk for 5 s", since);
        crew.faults().awaitAllReady();
    }

    private void judge(Availability.Window healthy, Availability.Window mixed)
            throws InterruptedException, TimeoutException {
        long since = System.nanoTime();
        Verdict rolledOut = rollouts.finish();
        verdicts.add(rolledOut);
        verdicts.addAll(workload.finish());
        Availability availability = Availability.of(workload.changes());
        List<Availability.Window> lasting = Availability.merged(crew.injector().timeline().stream()
                .filter(TimelineEntry::isApplied)
                .filter(entry -> entry.appliedNanos() >= mixed.fromNanos()
                        && entry.healedNanos() <= mixed.toNanos())
                .map(entry -> new Availability.Window(entry.appliedNanos(), entry.healedNanos()))
                .toList());
        rate(SoakDocument.HEALTHY, availability, List.of(healthy));
        boolean isWithin = reach() == FaultMix.Reach.WITHIN_THE_PROMISE;
        rate(isWithin ? SoakDocument.FAULTY : SoakDocument.BEYOND, availability, List.of(mixed));
        if (isWithin) {
            rate(SoakDocument.IN_FAULTS, availability, lasting);
        }
        WorkloadRun.Counts counts = workload.counts();
        SoakTally tally = crew.tally();
        tally.count(SoakDocument.CATALOG_CALLS, counts.ok() + counts.failed());
        tally.count(SoakDocument.UNKNOWN, counts.unknown());
        tally.count(SoakDocument.LEASE_CALLS, counts.leaseEvents());
        tally.count(SoakDocument.WATCHED, counts.watchEvents());
        tally.count(SoakDocument.ROLLOUTS, rolledOut.checkedCount());
        tally.window(verdicts, Sample.of(workload.operations(), fromNanos, System.nanoTime(), SLICE_NANOS));
        int left = workload.removeTraces();
        boolean isPassed = verdicts.stream().allMatch(Verdict::isPassed);
        LOG.info("window judged, number={}, passed={}, millis={}, calls={}, unknown={}, settingsLeft={}",
                number, isPassed, (System.nanoTime() - since) / 1_000_000, counts.ok() + counts.failed(),
                counts.unknown(), left);
        if (!isPassed) {
            verdicts.stream().filter(verdict -> !verdict.isPassed())
                    .forEach(verdict -> LOG.error("not passed: {}", verdict));
        }
    }

    private void rate(String name, Availability availability, List<Availability.Window> windows) {
        double seconds = windows.stream().mapToDouble(Availability.Window::seconds).sum();
        crew.tally().rate(name, new SoakTally.Rate(availability.perSecond(windows) * seconds, seconds));
    }

    private void inject(Fault fault, FaultInjector.Work work) throws IOException, InterruptedException {
        crew.tally().fault(FaultNames.of(fault));
        crew.injector().inject(fault, work);
    }

    private void note(String name, long sinceNanos) {
        crew.tally().time(name, (System.nanoTime() - sinceNanos) / 1e6);
    }

    private void awaitVolume() throws TimeoutException, InterruptedException {
        crew.volume().awaitWrite(_ -> true);
    }

    /// Waits until a change that is sent from now on is acknowledged.
    private void awaitChange() throws IOException, InterruptedException {
        try {
            var _ = workload.nextChange().get(REST_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wait cannot fail", e);
        } catch (TimeoutException e) {
            IOException stopped = new IOException("no change was acknowledged any more", e);
            workload.failures().forEach(stopped::addSuppressed);
            throw stopped;
        }
    }
}
