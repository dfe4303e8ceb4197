package io.holdfast.chaos.application;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.chaos.checker.AtMostOnceChecker;
import io.holdfast.chaos.checker.MemoryChecker;
import io.holdfast.chaos.checker.MemoryStep;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.fault.TimelineEntry;
import io.holdfast.chaos.history.History;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.testing.HoldfastProgram;
import io.holdfast.node.testing.RunningCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests to a real application, which counts in memory, on three real nodes, while it is saved, put to
/// sleep, left idle, stopped and restored, and its node is killed with -9. The application itself writes
/// down, on disk, what it handled and what it knew. As many requests as `-Dholdfast.requests` says, and in
/// each build as many as it takes to do everything once.
@Tag("chaos")
final class ApplicationStormTest {
    private static final int CALLERS = 6;

    /// Longer than the application is idle for before it sleeps.
    private static final int SILENCE_MILLIS = 1_500;
    private static final int ANSWERS_BETWEEN_DEEDS = 100;
    private static final long ANSWERED_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final String SERVICE =
            """
            import hashlib, http.server, os, threading
            lock = threading.Lock()
            life = os.urandom(8).hex()
            state = life
            count = 0
            class H(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    global state, count
                    name = self.headers.get('Test-Id', 'none')
                    with lock:
                        before = state
                        state = hashlib.sha256((before + ' ' + name).encode()).hexdigest()[:16]
                        count += 1
                        after = state
                        line = ' '.join((name, life, str(count), before, after)) + '\\n'
                        log = os.open('/handled/log', os.O_WRONLY | os.O_APPEND | os.O_CREAT)
                        os.write(log, line.encode())
                        os.close(log)
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(after)))
                    self.end_headers()
                    self.wfile.write(after.encode())
                def log_message(self, *args): pass
            class S(http.server.ThreadingHTTPServer): request_queue_size = 256
            S(('0.0.0.0', 8080), H).serve_forever()
            """;

    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final int requests = Integer.getInteger("holdfast.requests", 0);
    private final Random random = new Random(seed);
    private final Map<String, Integer> deeds = new TreeMap<>();
    private final List<TimelineEntry> losses = new ArrayList<>();

    @TempDir
    private Path directory;

    private Optional<RunningCluster> cluster = Optional.empty();

    @BeforeEach
    void requireTools() {
        HoldfastProgram.requireBuilt();
        HostTool.require("python3.11", "runc");
        HostTool.requireThat("root".equals(System.getProperty("user.name")), "containers need root");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (cluster.isPresent()) {
            cluster.get().up();
            cluster.get().json("app", "stop", "storm");
            cluster.get().stop();
        }
    }

    @Test
    @Timeout(3_600)
    void memoryGoesOnAndEachRequestIsHandledOnceOrRefusedWhateverBecomesOfInstancesAndNodes()
            throws Exception {
        System.out.println("seed=" + seed);
        RunningCluster running = RunningCluster.start(directory.resolve("c"));
        cluster = Optional.of(running);
        HostRoot root = HostRoot.create(directory.resolve("root")).with("service.py", SERVICE);
        Path handled = Files.createDirectory(directory.resolve("handled"));
        running.json("app", "run", "storm", "--rootfs", root.folder().toString(),
                "--mount", "/usr:/usr:ro", "--mount", handled + ":/handled", "--port", "8080",
                "--idle", "1", "--pool", "1", "--", "/usr/bin/python3.11", "/app/service.py");
        History<String, String> history;
        try (StormCallers callers = StormCallers.start(
                LocalCluster.open(directory.resolve("c")).access(), "storm", CALLERS, seed)) {
            disturb(running, callers);
            history = callers.end();
        }
        List<MemoryStep> steps =
                Files.readAllLines(handled.resolve("log"), US_ASCII).stream().map(MemoryStep::parse).toList();
        System.out.println("requests=" + history.size() + " answered=" + history.okCount() + " refused="
                + history.failedCount() + " unknown=" + history.unknownCount() + " handled=" + steps.size()
                + " lives=" + steps.stream().filter(MemoryStep::isFirst).count()
                + " deeds=" + deeds + " seed=" + seed);
        List<Verdict> verdicts = List.of(
                new AtMostOnceChecker().check(history, steps.stream().map(MemoryStep::request).toList()),
                new MemoryChecker().check(history, steps, losses));
        assertTrue(verdicts.stream().allMatch(Verdict::isPassed), verdicts + " losses=" + losses);
    }

    /// Until there were requests enough, and each of the deeds at least once.
    private void disturb(RunningCluster running, StormCallers callers) throws Exception {
        awaitAnswers(callers, "started");
        for (int deed = 0; deed < 5 || callers.asked() < requests; deed++) {
            String what = switch (deed < 5 ? deed : random.nextInt(5)) {
                case 0 -> asked("saved", running, "snapshot", "create", "storm");
                case 1 -> asked("put to sleep", running, "app", "sleep", "storm");
                case 2 -> {
                    callers.rest(SILENCE_MILLIS);
                    yield "left idle";
                }
                case 3 -> losing("node killed", () -> killNode(running));
                default -> losing("stopped", () -> {
                    asked("stopped", running, "app", "stop", "storm");
                    asked("started", running, "app", "start", "storm");
                });
            };
            deeds.merge(what, 1, Integer::sum);
            awaitAnswers(callers, what);
        }
    }

    private static void awaitAnswers(StormCallers callers, String after) throws Exception {
        long enough = callers.answered() + ANSWERS_BETWEEN_DEEDS;
        long end = System.nanoTime() + ANSWERED_WITHIN_NANOS;
        while (callers.answered() < enough) {
            callers.requireAll();
            assertTrue(System.nanoTime() - end < 0, "nobody is answered after: " + after);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /// Something that takes what is in memory.
    @FunctionalInterface
    private interface Loss {
        void cause() throws Exception;
    }

    private String losing(String what, Loss loss) throws Exception {
        long from = System.nanoTime();
        loss.cause();
        losses.add(new TimelineEntry(what, from, System.nanoTime(), TimelineEntry.HEALED));
        return what;
    }

    /// Where it runs, or anywhere if it does not.
    private void killNode(RunningCluster running) throws Exception {
        JsonNode instances = running.json("app", "ps", "storm");
        running.kill(instances.isEmpty()
                ? "node-" + (1 + random.nextInt(3))
                : instances.path(0).path("node").asText());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(3_000)));
        running.up();
    }

    /// Some are refused, when there is nothing to save at the moment.
    private static String asked(String what, RunningCluster running, String... command)
            throws IOException, InterruptedException {
        try {
            JsonNode _ = running.json(command);
            return what;
        } catch (IOException refused) {
            return "not " + what;
        }
    }
}
