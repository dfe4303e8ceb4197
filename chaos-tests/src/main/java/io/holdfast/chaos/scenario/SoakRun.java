package io.holdfast.chaos.scenario;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiClient;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.FaultInjector;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.soak.Cadence;
import io.holdfast.chaos.soak.SoakTally;
import io.holdfast.chaos.workload.VolumeWorkload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A soak: one window after the other until the time is over. Whatever ends it, there is a report. Confined
/// to the scenario's thread; progress is told by another.
final class SoakRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SoakRun.class);
    private static final Duration CALL_LIMIT = Duration.ofMillis(1_500);
    private static final Duration VOLUME_LIMIT = Duration.ofMinutes(3);
    private static final String VOLUME_PROFILE = "2+1";
    /// Nearly 10^7 in an hour on two cores: nothing is read while nobody serves the volume.
    private static final VolumeWorkload.Load VOLUME_LOAD = new VolumeWorkload.Load(1_024, 256, 5, 10_000);
    static final String LOAD = String.format(Locale.ROOT,
            "Catalogs: %d clients, each resting %d ms after each step. A rollout of ten links, a step every"
                    + " half second. A volume %s: %d writers, together %,d blocks a second at most.",
            SoakWindow.CLIENT_COUNT, SoakWindow.STEP_PAUSE.toMillis(), VOLUME_PROFILE,
            VolumeWorkload.WRITER_COUNT, VOLUME_LOAD.blocksPerSecondMax());
    private static final int WINDOW_SECONDS = 145;
    /// Of an hour, with what windows that take longer cost.
    private static final Map<FaultMix.Family, Integer> GOALS_PER_HOUR = Map.of(
            FaultMix.Family.NETWORK, 540,
            FaultMix.Family.KILL, 210,
            FaultMix.Family.DISK, 225,
            FaultMix.Family.HOST, 80);
    private static final Map<FaultMix.Family, String> NAMES = Map.of(
            FaultMix.Family.NETWORK, "network: ",
            FaultMix.Family.KILL, "kill -9",
            FaultMix.Family.DISK, "disk: ");

    private final TestCluster cluster;
    private final ScenarioStage stage;
    private final ApiClient api;
    private final NodeWatch watch;
    private final VolumeWorkload volume;
    private final FaultInjector injector;
    private final SoakTally tally = new SoakTally();
    private final FaultMix faults;
    private final SoakProgress progress;
    private final Map<FaultMix.Family, Integer> planned = new EnumMap<>(FaultMix.Family.class);
    private final long fromNanos = System.nanoTime();

    private SoakRun(TestCluster cluster, ScenarioStage stage, Production.Means means, List<String> skips)
            throws IOException {
        this.cluster = cluster;
        this.stage = stage;
        this.api = cluster.newClient(CALL_LIMIT);
        Map<String, Path> sockets = new LinkedHashMap<>();
        cluster.nodes().forEach(node -> sockets.put(node, cluster.nbdSocketOf(node)));
        this.volume = new VolumeWorkload(sockets, VOLUME_LOAD, stage.seed(), VOLUME_LIMIT, System::nanoTime);
        this.injector = new FaultInjector(cluster, System::nanoTime, Pause.REAL);
        List<String> all = new ArrayList<>(cluster.nodes());
        all.addAll(cluster.guests());
        this.watch = NodeWatch.start(cluster, api, all);
        this.faults = new FaultMix(
                cluster, watch, injector, tally, new SplittableRandom(stage.seed()), means);
        this.progress = new SoakProgress(stage, tally, volume, injector, skips, fromNanos);
    }

    /// Begins to write a volume and to tell how it goes.
    static SoakRun begin(TestCluster cluster, ScenarioStage stage, Production.Means means, List<String> skips)
            throws IOException, InterruptedException, TimeoutException {
        SoakRun run = new SoakRun(cluster, stage, means, skips);
        try {
            run.volume.start(run.api, cluster.addressOf(cluster.nodes().getFirst()), VOLUME_PROFILE);
            run.progress.start();
            return run;
        } catch (TimeoutException | InterruptedException | RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /// Plays until the time is over or something breaks it off, and reports either.
    RunReport play(String title) throws IOException, InterruptedException {
        List<Verdict> last = new ArrayList<>();
        try {
            int slotCount = Math.max(1, Math.ceilDiv(stage.minutes() * 60, WINDOW_SECONDS));
            Duration slot = Duration.ofMinutes(stage.minutes()).dividedBy(slotCount);
            SoakWindow.Crew crew =
                    new SoakWindow.Crew(cluster, api, watch, volume, injector, tally, faults);
            Guest guest = new Guest(cluster, injector, cluster.guests().getFirst(), stage.folder());
            for (int number = 1; Duration.ofNanos(left()).compareTo(slot.dividedBy(3)) > 0; number++) {
                SoakWindow window = new SoakWindow(crew, guest, number, stage.seed() + 100L * number);
                window.play(System.nanoTime() + Math.min(slot.toNanos(), left()), counts(slot, number - 1),
                        progress);
                if (!volume.failures().isEmpty()) {
                    throw new IllegalStateException("a writer failed", volume.failures().getFirst());
                }
            }
            last.addAll(volume.finish());
        } catch (IOException | TimeoutException | RuntimeException e) {
            // The report has to be there whatever happened; it tells of this as what was not decided.
            LOG.error("soak broken off", e);
            last.addAll(volume.verdicts());
            last.add(new Verdict.Undecided("soak", 0, "broken off: " + e));
        }
        return progress.report(title, last);
    }

    private long left() {
        return Duration.ofMinutes(stage.minutes()).toNanos() - (System.nanoTime() - fromNanos);
    }

    /// @param playedCount windows so far
    private Map<FaultMix.Family, Integer> counts(Duration slot, int playedCount) {
        Map<FaultMix.Family, Integer> counts = new EnumMap<>(FaultMix.Family.class);
        SoakTally.Sums sums = tally.sums();
        // As long as windows took so far, which is longer than they should on a busy machine.
        long expectedNanos = Math.max(
                slot.toNanos(), (System.nanoTime() - fromNanos) / Math.max(1, playedCount));
        GOALS_PER_HOUR.forEach((family, perHour) -> {
            int done = NAMES.containsKey(family)
                    ? sums.faultCount(NAMES.getOrDefault(family, ""))
                    : planned.getOrDefault(family, 0);
            int count = Cadence.countFor(Math.ceilDiv(perHour * stage.minutes(), 60), done,
                    expectedNanos / (double) Math.max(1, left()));
            planned.merge(family, count, Integer::sum);
            counts.put(family, faults.has(family) ? count : 0);
        });
        return counts;
    }

    @Override
    public void close() {
        progress.close();
        watch.close();
        volume.close();
        api.close();
    }
}
