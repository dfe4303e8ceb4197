package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.tour.CounterRoot;
import io.holdfast.node.testing.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An application on a real cluster of three: real containers, real checkpoints, kill -9.
@Tag("host")
@Order(Integer.MAX_VALUE - 1)
final class ApplicationHostTest {
    private static final int LOOKS_MAX = 60;

    @TempDir
    private Path directory;

    /// The folder of a node whose data was taken away.
    private Optional<Path> lost = Optional.empty();

    @BeforeEach
    void requireTheProgramAndItsTools() {
        HoldfastProgram.requireBuilt();
        for (String tool : List.of("runc", "criu")) {
            boolean isHere = List.of("/usr/bin", "/usr/sbin", "/usr/local/sbin", "/opt/holdfast/sbin")
                    .stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(isHere, "skipped: this host has no " + tool);
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (lost.isPresent()) {
            Files.move(lost.get().resolve("data-of-a-lost-host"), lost.get().resolve("data"));
        }
        if (Files.exists(directory.resolve("c/cluster.json"))) {
            // Every node runs once more, so that each takes back what it left on the host.
            run("up").orThrow();
            run("app", "stop", "counter");
            run("down", "--timeout", "30").orThrow();
        }
    }

    @Test
    @Timeout(400)
    void anApplicationKeepsItsMemoryThroughSleepAndThroughTheLossOfItsNode() throws Exception {
        run("up").orThrow();
        CounterRoot root = CounterRoot.create(directory.resolve("root"));
        run("app", "run", "counter",
                        "--rootfs", root.folder().toString(),
                        "--mount", "/usr:/usr:ro",
                        "--mount", root.javaHome() + ":/jdk:ro",
                        "--port", "8080",
                        "--", "/jdk/bin/java", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx64m",
                        "/app/Counter.java")
                .orThrow();
        assertEquals(1, count(0));
        assertEquals(2, count(1));
        assertEquals("first-request", json("snapshot", "list").path(0).path("origin").asText());

        run("app", "sleep", "counter").orThrow();
        awaitRefusal("the next request to it wakes it", "app", "exec", "counter", "--", "/usr/bin/id");
        assertEquals(3, count(2), "restored with its memory");
        List<String> rights = run("app", "exec", "counter", "--", "/usr/bin/grep", "-hE",
                        "^(Cap|NoNewPrivs|Seccomp)", "/proc/1/status", "/proc/self/status")
                .orThrow().output().lines().toList();
        assertEquals(16, rights.size(), rights.toString());
        assertEquals(rights.subList(0, 8), rights.subList(8, 16), "those of the application");
        assertEquals(
                List.of("restored", "cold"),
                json("app", "starts", "counter").path("items").findValuesAsText("kind"));

        run("snapshot", "create", "counter", "--name", "three").orThrow();
        JsonNode three = json("snapshot", "show", "counter/three");
        long contentBytes = three.path("stored").path("contentBytes").asLong();
        assertTrue(three.path("stored").path("sharedBytes").asLong() > contentBytes / 2, three.toString());
        assertTrue(three.path("chargedBytes").asLong() < contentBytes / 2, three.toString());
        awaitSafe("counter/three");
        assertTrue(json("volume", "list").isEmpty(), "the cluster's own volumes are not the user's");
        String own = json("volume", "list", "--prefix", "system.").path(0).path("key").asText();
        assertFalse(run("volume", "delete", own).isSuccess());
        String host = json("app", "ps", "counter").path(0).path("node").asText();
        program().kill(host);
        lost = Optional.of(directory.resolve("c").resolve(host));
        Files.move(lost.get().resolve("data"), lost.get().resolve("data-of-a-lost-host"));
        int survivor = host.equals("node-1") ? 1 : 0;
        assertEquals(4, count(survivor),
                "woken on another node with its memory, from the hosts that are left");
        assertNotEquals(host, json("app", "ps", "counter").path(0).path("node").asText());

        assertEquals(5, count(survivor));
        String now = json("app", "ps", "counter").path(0).path("node").asText();
        String there = Stream.of("node-1", "node-2", "node-3")
                .filter(node -> !node.equals(host) && !node.equals(now))
                .findFirst()
                .orElseThrow();
        run("snapshot", "restore", "counter/three", "--node", there).orThrow();
        assertEquals(4, count(survivor), "it went back");
        assertEquals(there, json("app", "ps", "counter").path(0).path("node").asText());
        assertTrue(run("snapshot", "tree", "counter").orThrow().output().contains("three"));
    }

    /// What goes to sleep is still going for a moment.
    private void awaitRefusal(String words, String... arguments) throws Exception {
        ProcessOutcome outcome = run(arguments);
        for (int looks = 0; !outcome.errors().contains(words); looks++) {
            assertTrue(looks < LOOKS_MAX, outcome.explained());
            outcome = run(arguments);
        }
    }

    private int count(int node) throws Exception {
        LocalCluster cluster = LocalCluster.open(directory.resolve("c"));
        String endpoint = cluster.access().endpoints().get(node);
        try (ApiClient client = new ApiClient(
                new io.holdfast.node.cli.client.ClusterAccess(
                        List.of(endpoint), cluster.access().authorityPem(), cluster.access().token()),
                Duration.ofMinutes(3))) {
            return client.call(ApiRequest.get("/apps/counter/")).path("count").asInt();
        }
    }

    /// A host that is slow for a moment is done without, and what it should have is stored later.
    private void awaitSafe(String snapshot) throws Exception {
        Instant end = Instant.now().plusSeconds(90);
        JsonNode where = json("snapshot", "where", snapshot);
        while (!isSafe(where)) {
            assertTrue(Instant.now().isBefore(end), where.toString());
            where = json("snapshot", "where", snapshot);
        }
    }

    /// Whether one host may be lost, of those that it was spread over.
    private static boolean isSafe(JsonNode where) {
        return where.path("profile").asText().endsWith("+1")
                && where.path("nodes").size() > 1
                && where.path("storedBytes").asDouble() >= 1.5 * where.path("sizeBytes").asDouble();
    }

    private JsonNode json(String... arguments) throws Exception {
        return program().json(arguments);
    }

    private ProcessOutcome run(String... arguments) throws IOException, InterruptedException {
        return program().run(arguments);
    }

    private HoldfastProgram program() {
        return new HoldfastProgram(directory.resolve("c"));
    }
}
