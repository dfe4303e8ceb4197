package io.holdfast.node.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.testing.HoldfastProgram;
import io.holdfast.node.testing.RunningCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests to a real application on three real nodes while it is saved, put to sleep, ended and restored,
/// and nodes are killed with -9: the application itself writes down, on disk, what it handled. Played on
/// request, with `-Dholdfast.requests=10000` or as many as one likes.
@Tag("host")
final class RequestStormHostTest {
    private static final int CALLERS = 6;
    private static final int PAUSE_MILLIS_MAX = 40;

    /// Longer than the application is idle for before it sleeps.
    private static final int SILENCE_MILLIS = 1_500;

    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

    private static final String SERVICE =
            """
            import http.server, os
            class H(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    name = self.headers.get('Test-Id', 'none')
                    log = os.open('/handled/log', os.O_WRONLY | os.O_APPEND | os.O_CREAT)
                    os.write(log, (name + '\\n').encode()); os.close(log)
                    self.send_response(200); self.send_header('Content-Length', str(len(name)))
                    self.end_headers(); self.wfile.write(name.encode())
                def log_message(self, *args): pass
            class S(http.server.ThreadingHTTPServer): request_queue_size = 256
            S(('0.0.0.0', 8080), H).serve_forever()
            """;

    /// What became of a request, as its caller saw it.
    private enum Seen {
        ANSWERED,
        REFUSED,
        /// Its outcome is unknown, or the node that was asked died.
        LOST
    }

    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final int requests = Integer.getInteger("holdfast.requests", 0);
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final Map<String, Integer> deeds = new TreeMap<>();
    private final AtomicBoolean isSilent = new AtomicBoolean();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @TempDir
    private Path directory;

    private Optional<RunningCluster> cluster = Optional.empty();

    @BeforeEach
    void requireTools() {
        HostTool.requireThat(requests > 0, "played on request: -Dholdfast.requests=10000");
        HoldfastProgram.requireBuilt();
        HostTool.require("python3.11");
        HostTool.require("runc");
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
    void eachRequestIsHandledOnceOrRefusedWhateverBecomesOfInstancesAndNodes() throws Exception {
        System.out.println("seed=" + seed);
        RunningCluster running = RunningCluster.start(directory.resolve("c"));
        cluster = Optional.of(running);
        HostRoot root = HostRoot.create(directory.resolve("root")).with("service.py", SERVICE);
        Path handled = Files.createDirectory(directory.resolve("handled"));
        running.json("app", "run", "storm", "--rootfs", root.folder().toString(),
                "--mount", "/usr:/usr:ro", "--mount", handled + ":/handled", "--port", "8080",
                "--idle", "1", "--pool", "1", "--", "/usr/bin/python3.11", "/app/service.py");
        ClusterAccess access = LocalCluster.open(directory.resolve("c")).access();
        try (HttpClient http = client(access);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(seed + caller);
                callers.add(threads.submit(() -> callOnAndOn(http, access, random, next)));
            }
            disturb(running, next);
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        check(handled.resolve("log"));
    }

    /// How many requests this caller has made.
    private int callOnAndOn(HttpClient http, ClusterAccess access, Random random, AtomicInteger next)
            throws InterruptedException {
        int made = 0;
        while (!isOver.get()) {
            if (!isSilent.get()) {
                String id = "q" + next.getAndIncrement();
                String node = access.endpoints().get(random.nextInt(access.endpoints().size()));
                seen.put(id, ask(http, "https://" + node + "/apps/storm/", id));
                made++;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(PAUSE_MILLIS_MAX)));
        }
        return made;
    }

    private static Seen ask(HttpClient http, String address, String id) throws InterruptedException {
        try {
            // A GET would be repeated by this client itself when its connection breaks.
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(address)).header("Test-Id", id)
                            .POST(HttpRequest.BodyPublishers.noBody()).timeout(ANSWER_WITHIN).build(),
                    HttpResponse.BodyHandlers.ofString(US_ASCII));
            return switch (answer.statusCode()) {
                case 200 -> {
                    assertEquals(id, answer.body(), "another's answer");
                    yield Seen.ANSWERED;
                }
                case 503 -> {
                    assertTrue(
                            answer.headers().firstValue("Retry-After").isPresent()
                                    || answer.body().contains("\"stopped\""),
                            answer.body());
                    yield Seen.REFUSED;
                }
                case 502 -> Seen.LOST;
                default -> throw new AssertionError(id + ": " + answer.statusCode() + " " + answer.body());
            };
        } catch (IOException nodeDied) {
            return Seen.LOST;
        }
    }

    /// Until there were requests enough, and each of the deeds at least once.
    private void disturb(RunningCluster running, AtomicInteger next) throws Exception {
        Random random = new Random(seed);
        List<String> nodes = List.of("node-1", "node-2", "node-3");
        try {
            for (int deed = 0; deed < 5 || next.get() < requests; deed++) {
                switch (deed < 5 ? deed : random.nextInt(5)) {
                    case 0 -> asked("saved", running, "snapshot", "create", "storm");
                    case 1 -> asked("put to sleep", running, "app", "sleep", "storm");
                    case 2 -> {
                        isSilent.set(true);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS));
                        isSilent.set(false);
                        count("left idle");
                    }
                    case 3 -> {
                        running.kill(host(running).orElse(nodes.get(random.nextInt(3))));
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(3_000)));
                        running.up();
                        count("node killed");
                    }
                    default -> {
                        asked("stopped", running, "app", "stop", "storm");
                        asked("started", running, "app", "start", "storm");
                    }
                }
            }
        } finally {
            isOver.set(true);
        }
    }

    private static Optional<String> host(RunningCluster running) throws Exception {
        JsonNode instances = running.json("app", "ps", "storm");
        return instances.isEmpty()
                ? Optional.empty()
                : Optional.of(instances.path(0).path("node").asText());
    }

    /// Some are refused, when there is nothing to save at the moment.
    private void asked(String what, RunningCluster running, String... command)
            throws IOException, InterruptedException {
        try {
            JsonNode _ = running.json(command);
            count(what);
        } catch (IOException refused) {
            count("not " + what);
        }
    }

    private void count(String what) {
        deeds.merge(what, 1, Integer::sum);
    }

    private void check(Path log) throws IOException {
        Map<String, Integer> times = new HashMap<>();
        for (String id : Files.readAllLines(log)) {
            times.merge(id, 1, Integer::sum);
        }
        Map<Seen, Integer> counts = new TreeMap<>();
        seen.forEach((id, what) -> {
            int handled = times.getOrDefault(id, 0);
            counts.merge(what, 1, Integer::sum);
            switch (what) {
                case ANSWERED -> assertEquals(1, handled, "answered, so handled once: id=" + id);
                case REFUSED -> assertEquals(0, handled, "refused, so not handled: id=" + id);
                case LOST -> assertTrue(handled <= 1, "of unknown outcome, but not handled twice: id=" + id);
            }
        });
        System.out.println("requests=" + seen.size() + " " + counts + " " + deeds + " seed=" + seed);
        // While it is stopped, callers are refused at once, again and again.
        assertTrue(counts.getOrDefault(Seen.ANSWERED, 0) > 10 * CALLERS, counts.toString());
    }

    private static HttpClient client(ClusterAccess access) throws Exception {
        X509Certificate authority = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(access.authorityPem().getBytes(US_ASCII)));
        ClusterTls tls = ClusterTls.anonymous(new ClusterTrust(List.of(authority), Admission.ALL));
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.context())
                .sslParameters(tls.parameters())
                .build();
    }
}
