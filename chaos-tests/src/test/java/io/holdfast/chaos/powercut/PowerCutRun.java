package io.holdfast.chaos.powercut;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.powercut.subject.Haste;
import io.holdfast.chaos.powercut.subject.StoredLedger;
import io.holdfast.chaos.powercut.subject.StoredVolume;
import io.holdfast.chaos.powercut.subject.Subject;
import io.holdfast.chaos.sandbox.Lifeline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program inside the sandbox: records the product at work on a file system, cuts the power as often as
/// asked, and checks what is left; then a few times as if the disk had forgotten its last flushes. Ends with
/// 0 if a report is written, whatever it says.
///
/// Arguments: kind of file system, seed, count of cuts, haste of the product, report.
public final class PowerCutRun {
    private static final Logger LOG = LoggerFactory.getLogger(PowerCutRun.class);
    private static final int BROKEN_OFF = 2;
    private static final int VOLUME_ACTIONS = 120;
    private static final int LEDGER_ROUNDS = 60;
    /// A check waits more than it computes: for an election, and for threads of Ratis to end.
    private static final int CHECKS_AT_ONCE = 12;
    private static final int EVIDENCE_MAX = 20;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration LIMIT_PER_CUT = Duration.ofMillis(2_500);
    private static final int FORGETFUL_CUTS = 6;
    /// As many as some acknowledgements take.
    private static final int FLUSHES_FORGOTTEN = 40;

    private final FileSystemKind kind;
    private final long seed;
    private final Path place;
    private final Map<String, Subject> subjects;
    private final ConcurrentLinkedQueue<Finding> findings = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();

    /// Something lost or wrong after a cut.
    private record Finding(PowerCut cut, String subject, Violation violation) {}

    /// What was recorded, and where the work began and ended.
    private record Recorded(Recording recording, int from, int to) {}

    private PowerCutRun(FileSystemKind kind, long seed, Haste haste, Path place) {
        this.kind = kind;
        this.seed = seed;
        this.place = place;
        this.subjects = new TreeMap<>(Map.of(
                "volume", new StoredVolume(seed, VOLUME_ACTIONS, haste),
                "ledger", new StoredLedger(seed, LEDGER_ROUNDS, haste)));
    }

    public static void main(String[] arguments) {
        Lifeline.watch(System.in);
        Path report = Path.of(arguments[4]);
        Thread.ofPlatform().daemon().name("watchdog").start(
                () -> dumpThreads(report.resolveSibling("threads.txt"), limit(arguments[2])));
        try {
            // In memory, seen by nobody else, gone with the sandbox, and short enough for a socket's name.
            Path place = Files.createDirectory(Path.of("/run/power-" + arguments[1]));
            PowerCutRun run = new PowerCutRun(
                    FileSystemKind.valueOf(arguments[0]), Long.parseLong(arguments[1]),
                    Haste.valueOf(arguments[3]), place);
            Files.writeString(report, run.play(Integer.parseInt(arguments[2])).write());
            System.exit(0);
        } catch (Exception e) {
            LOG.error("power cuts broken off", e);
            System.exit(BROKEN_OFF);
        }
    }

    /// Longer than a busy machine takes.
    static Duration limit(String cutCount) {
        return LIMIT.plus(LIMIT_PER_CUT.multipliedBy(Integer.parseInt(cutCount)));
    }

    /// Ends a run that takes too long, and says where it hangs; virtual threads tell no other way.
    private static void dumpThreads(Path file, Duration after) {
        try {
            Pause.REAL.of(after);
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            LOG.error("took too long, threads={}", file);
        } catch (IOException | InterruptedException e) {
            LOG.error("took too long, and its threads are not known", e);
        }
        Runtime.getRuntime().halt(BROKEN_OFF);
    }

    private Json play(int cutCount) throws Exception {
        long begin = System.nanoTime();
        Recorded recorded = work();
        long worked = System.nanoTime();
        List<Integer> acknowledgements = new ArrayList<>();
        subjects.values().forEach(subject -> acknowledgements.addAll(subject.acknowledgements()));
        CutPlan plan = new CutPlan(recorded.from, recorded.to, acknowledgements);
        List<DiskEvent> events = recorded.recording.events(recorded.to);
        DiskImage before = recorded.recording.before();
        long flushCount = events.stream().filter(DiskEvent.Flush.class::isInstance).count();
        Json found = checkAll(plan.cuts(cutCount, seed), Aftermath.of(before, events));
        long checked = System.nanoTime();
        Json forgetful = checkAll(plan.cuts(FORGETFUL_CUTS, seed),
                Aftermath.ofForgetfulDisk(before, events, FLUSHES_FORGOTTEN));
        Json report = Json.object()
                .put("fileSystem", kind.name())
                .put("seed", seed)
                .put("writes", events.size() - flushCount)
                .put("flushes", flushCount)
                .put("acknowledgements", acknowledgements.size())
                .put("cuts", cutCount)
                .put("recordingSeconds", (worked - begin) / 1e9)
                .put("checkingSeconds", (checked - worked) / 1e9)
                .put("processorSeconds", ProcessHandle.current().info().totalCpuDuration()
                        .map(Duration::toMillis).orElse(0L) / 1e3)
                .put("found", found)
                .put("foundOnForgetfulDisk", forgetful)
                .build();
        LOG.info("power cuts over, report={}", report.write());
        return report;
    }

    /// What was found, by where, and after how many cuts.
    private Json summary() {
        return Json.object()
                .put("volume", count("volume"))
                .put("ledger", count("ledger"))
                .put("fileSystem", count("fileSystem"))
                .put("cuts", findings.stream().map(Finding::cut).distinct().count())
                .put("first", Json.texts(findings.stream().limit(EVIDENCE_MAX).map(String::valueOf).toList()))
                .build();
    }

    private long count(String subject) {
        return findings.stream().filter(finding -> finding.subject.equals(subject)).count();
    }

    /// All subjects work at once on one disk.
    private Recorded work() throws Exception {
        Path recording = Files.createDirectory(place.resolve("recording-" + seed));
        try (RecordedDisk disk = RecordedDisk.open(kind, recording);
                ExecutorService workers = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().name("work-", 0).factory())) {
            int from = disk.recording().position();
            List<Future<?>> working = new ArrayList<>();
            subjects.forEach((name, subject) -> working.add(workers.submit(() -> {
                subject.work(disk.folder().resolve(name), disk.recording()::position);
                return true;
            })));
            for (Future<?> work : working) {
                work.get();
            }
            return new Recorded(disk.recording(), from, disk.recording().position());
        }
    }

    private Json checkAll(List<PowerCut> cuts, Aftermath aftermath) throws Exception {
        findings.clear();
        Semaphore free = new Semaphore(CHECKS_AT_ONCE);
        try (ExecutorService checkers = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("check-", 0).factory())) {
            int number = 0;
            for (PowerCut cut : cuts) {
                free.acquire();
                DiskImage left = aftermath.of(cut);
                Path mounted = place.resolve("cut-" + seed + "-" + number++);
                checkers.execute(() -> {
                    try {
                        check(cut, left, mounted);
                    } finally {
                        free.release();
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            throw failures.element();
        }
        return summary();
    }

    private void check(PowerCut cut, DiskImage left, Path mounted) {
        try {
            CutDisk disk;
            try {
                disk = CutDisk.open(kind, left, mounted);
            } catch (IOException e) {
                add(cut, "fileSystem", List.of(new Violation("not-mounted", "disk", e.toString())));
                return;
            }
            try (disk) {
                for (Map.Entry<String, Subject> subject : subjects.entrySet()) {
                    Path folder = disk.folder().resolve(subject.getKey());
                    add(cut, subject.getKey(), check(subject.getValue(), folder, cut));
                }
            }
        } catch (Exception e) {
            // The outermost frame of this thread: the run ends with it.
            LOG.error("check broken off, cut={}", cut, e);
            failures.add(e);
        }
    }

    private static List<Violation> check(Subject subject, Path folder, PowerCut cut) throws Exception {
        try {
            return subject.check(folder, cut.position());
        } catch (RuntimeException e) {
            LOG.warn("product stops, cut={}", cut, e);
            return List.of(new Violation("stopped", "product", e.toString()));
        }
    }

    private void add(PowerCut cut, String subject, List<Violation> violations) {
        for (Violation violation : violations) {
            Finding finding = new Finding(cut, subject, violation);
            if (findings.size() < EVIDENCE_MAX) {
                LOG.warn("finding={}", finding);
            }
            findings.add(finding);
        }
    }
}
