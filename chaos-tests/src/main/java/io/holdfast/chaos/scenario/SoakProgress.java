package io.holdfast.chaos.scenario;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.fault.FaultInjector;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.report.ReportWriter;
import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.soak.Machine;
import io.holdfast.chaos.soak.SoakDocument;
import io.holdfast.chaos.soak.SoakTally;
import io.holdfast.chaos.soak.VerdictSum;
import io.holdfast.chaos.workload.VolumeWorkload;
import io.holdfast.chaos.workload.WorkloadRun;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells every minute how far a soak is, and writes what it would report if it ended now: whoever stops it,
/// or whatever breaks it, finds the last minute's report. A thread of its own; its state is guarded by a
/// lock.
final class SoakProgress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SoakProgress.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final String DOCUMENT = "SOAK.md";
    private static final long MIB = 1 << 20;

    private final ScenarioStage stage;
    private final SoakTally tally;
    private final VolumeWorkload volume;
    private final FaultInjector injector;
    private final List<String> skips;
    private final long fromNanos;
    private final String loadBefore;
    private final ReentrantLock lock = new ReentrantLock();
    private VolumeWorkload.Counts added = new VolumeWorkload.Counts(0, 0, 0);
    private volatile @Nullable WorkloadRun current;
    private @Nullable Thread thread;
    private volatile boolean isStopped;

    SoakProgress(ScenarioStage stage, SoakTally tally, VolumeWorkload volume,
            FaultInjector injector, List<String> skips, long fromNanos) throws IOException {
        this.stage = stage;
        this.tally = tally;
        this.volume = volume;
        this.injector = injector;
        this.skips = List.copyOf(skips);
        this.fromNanos = fromNanos;
        this.loadBefore = Machine.load();
    }

    void start() {
        thread = Thread.ofVirtual().name("soak-progress").start(this::run);
    }

    /// What works now, for the minute's line.
    void follow(WorkloadRun workload) {
        current = workload;
    }

    /// It is over.
    void forget() {
        current = null;
    }

    private void run() {
        try {
            while (!isStopped) {
                Pause.REAL.of(PERIOD);
                tell();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("progress cannot be told any more", e);
        }
    }

    private void tell() throws IOException {
        List<Verdict> last = new ArrayList<>(volume.verdicts());
        last.add(new Verdict.Undecided("soak", 0, "not over when this was written"));
        lock.lock();
        try {
            if (isStopped) {
                return; // The last report is there.
            }
            new ReportWriter(stage.reports()).write(write("Soak", last));
        } finally {
            lock.unlock();
        }
        WorkloadRun now = current;
        WorkloadRun.Counts calls = now == null ? new WorkloadRun.Counts(0, 0, 0, 0, 0) : now.counts();
        SoakTally.Sums sums = tally.sums();
        Runtime heap = Runtime.getRuntime();
        LOG.info("soak minute={} of {}, checked={}, inThisWindow={}, unknown={}, breaches={}, network={}, "
                        + "kills={}, wholeCluster={}, disk={}, heapMiB={}",
                Math.round(played()), stage.minutes(), SoakDocument.checked(sums),
                calls.ok() + calls.failed(),
                sums.count(SoakDocument.UNKNOWN) + calls.unknown(),
                VerdictSum.breaches(sums.verdicts()).count() + VerdictSum.breaches(last).count(),
                sums.faultCount("network: "), sums.faultCount("kill -9"),
                sums.faultCount("kill -9 of the whole"), sums.faultCount("disk: "),
                (heap.totalMemory() - heap.freeMemory()) / MIB);
    }

    /// The last report, also written as a document of figures.
    ///
    /// @param last verdicts besides those of the windows
    RunReport report(String title, List<Verdict> last) throws IOException {
        lock.lock();
        try {
            isStopped = true;
            return write(title, last);
        } finally {
            lock.unlock();
        }
    }

    private RunReport write(String title, List<Verdict> last) throws IOException {
        addVolume();
        VerdictSum verdicts = new VerdictSum();
        verdicts.add(tally.sums().verdicts());
        verdicts.add(last);
        SoakTally.Sums now = tally.sums();
        SoakTally.Sums sums = new SoakTally.Sums(now.faults(), now.times(), now.rates(), now.counts(),
                verdicts.verdicts(), now.samples());
        String machine = Machine.here().describe() + ", load " + loadBefore + " before and " + Machine.load()
                + " after";
        SoakDocument document = new SoakDocument(
                stage.seed(), stage.minutes(), played(), machine, SoakRun.LOAD, stage.replay(), sums);
        Files.createDirectories(stage.reports());
        Files.writeString(stage.reports().resolve(DOCUMENT), document.markdown());
        return new RunReport(title, stage.seed(), stage.replay(), fromNanos, System.nanoTime(),
                injector.timeline(), sums.samples(), sums.verdicts(), figures(sums), skips,
                stage.folder().toString());
    }

    private void addVolume() {
        VolumeWorkload.Counts now = volume.counts();
        tally.count(SoakDocument.BLOCKS_READ, now.read() - added.read());
        tally.count(SoakDocument.BLOCKS_WRITTEN, now.safe() - added.safe());
        tally.count(SoakDocument.UNKNOWN, now.unanswered() - added.unanswered());
        added = now;
    }

    private double played() {
        return (System.nanoTime() - fromNanos) / 60e9;
    }

    private static Map<String, Double> figures(SoakTally.Sums sums) {
        Map<String, Double> figures = new LinkedHashMap<>();
        VerdictSum.Breaches breaches = VerdictSum.breaches(sums.verdicts());
        figures.put("checkedOperations", (double) SoakDocument.checked(sums));
        figures.put("unknownPercent", SoakDocument.unknownPercent(sums));
        figures.put("lostCount", (double) breaches.lost());
        figures.put("wrongCount", (double) breaches.wrong());
        figures.put("leaseBreachCount", (double) breaches.lease());
        figures.put("furtherBreachCount", (double) breaches.further());
        figures.put("throughputShareInFaults", SoakDocument.share(sums));
        sums.rates().forEach((name, rate) -> figures.put("changesPerSecond " + name, rate.perSecond()));
        sums.times().forEach((name, times) -> {
            figures.put(name + ": count", (double) times.count());
            figures.put(name + ": millisMedian", times.median());
            figures.put(name + ": millisMax", times.max());
        });
        sums.counts().forEach((name, count) -> figures.put(name.toLowerCase(Locale.ROOT), (double) count));
        sums.faults().forEach((name, count) -> figures.put("fault " + name, (double) count));
        return figures;
    }

    @Override
    public void close() {
        isStopped = true;
        Thread started = thread;
        if (started != null) {
            started.interrupt();
        }
    }
}
