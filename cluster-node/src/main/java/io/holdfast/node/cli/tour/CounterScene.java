package io.holdfast.node.cli.tour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.local.LocalNode;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Pause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An application with a counter in its memory runs on one node, is saved, loses its node, and goes on with
/// its count on another.
final class CounterScene {
    private static final String PATH = "/applications/default%2Ftour-counter";
    private static final String GATEWAY = "/apps/tour-counter/";
    private static final List<String> TOOLS = List.of("runc", "criu");
    private static final List<Path> TOOL_FOLDERS =
            List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of("/usr/local/sbin"),
                    Path.of("/opt/holdfast/sbin"));
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final TourCluster cluster;
    private final Path directory;
    private final Narration narration;

    CounterScene(TourCluster cluster, Path directory, Narration narration) {
        this.cluster = cluster;
        this.directory = directory;
        this.narration = narration;
    }

    void play() throws CliException, IOException, InterruptedException {
        narration.scene("Run a counter, save it, kill its node (kill -9), and let it count on elsewhere");
        Optional<String> missing = TOOLS.stream().filter(tool -> !isHere(tool)).findFirst();
        if (missing.isPresent()) {
            narration.tell("skipped: this host has no " + missing.get());
            return;
        }
        LocalNode first = cluster.nodes().getFirst();
        CounterRoot root = CounterRoot.create(directory.resolve("counter-root"));
        JsonNode _ = cluster.client(first).call(ApiRequest.put(PATH, root.specification()));
        int counted = 0;
        for (int i = 0; i < 3; i++) {
            counted = count(first, "request " + (i + 1) + " through " + first.name());
        }
        narration.check(counted == 3, "it counts its requests: count=" + counted);
        JsonNode saved = save(first);
        narration.tell("saved as " + saved.path("snapshot").asText() + ", " + saved.path("sizeBytes")
                .asLong() / 1024
                + " KiB encrypted, " + whereabouts(first));
        LocalNode host = hostOf(first);
        cluster.kill(host);
        LocalNode other = cluster.running().getFirst();
        int next = count(other, "killed " + host.name() + "; the next request, through " + other.name());
        narration.check(next == 4, "it woke with its memory: count=" + next);
        narration.check(!hostOf(other).equals(host), "on another node: " + hostOf(other).name());
        cluster.startAgain();
        forget(other);
    }

    private JsonNode save(LocalNode node) throws CliException {
        try (ApiClient client = cluster.patientClient(node)) {
            return client.call(ApiRequest.post(
                    PATH + "/snapshots", JsonNodeFactory.instance.objectNode().put("name", "three")));
        }
    }

    private static boolean isHere(String tool) {
        return TOOL_FOLDERS.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(tool)));
    }

    private int count(LocalNode node, String what) throws CliException {
        long begun = System.nanoTime();
        // The first one starts a process, and saves it with hosts that have only just come back.
        int counted;
        try (ApiClient client = cluster.patientClient(node)) {
            counted = client.call(ApiRequest.get(GATEWAY)).path("count").asInt();
        }
        narration.tell(what + ": count " + counted + " after " + Narration.seconds(
                System.nanoTime() - begun));
        return counted;
    }

    private String whereabouts(LocalNode node) throws CliException {
        JsonNode found = cluster.client(node)
                .call(ApiRequest.get("/snapshots/default%2Ftour-counter%2Fthree/storage"));
        List<String> nodes = new ArrayList<>();
        found.path("nodes").forEach(each -> nodes.add(each.asText()));
        return "coded " + found.path("profile").asText() + " over " + String.join(", ", nodes) + " in "
                + found.path("storedBytes").asLong() / 1024 + " KiB";
    }

    private LocalNode hostOf(LocalNode asked) throws CliException {
        JsonNode placed = cluster.client(asked).list(ApiRequest.get(PATH + "/instances"), 1).path(0);
        return cluster.nodes().stream()
                .filter(node -> node.name().equals(placed.path("node").asText()))
                .findFirst()
                .orElse(asked);
    }

    private void forget(LocalNode node) throws CliException, InterruptedException {
        ApiClient client = cluster.client(node);
        JsonNode _ = client.call(ApiRequest.post(PATH + "/stop"));
        boolean hasEnded = Pause.until(() -> hasNoInstance(client), LOOK_EVERY, ENDED_WITHIN);
        narration.check(hasEnded, "stopped, it has no instance");
    }

    private static boolean hasNoInstance(ApiClient client) {
        try {
            return client.list(ApiRequest.get(PATH + "/instances"), 1).isEmpty();
        } catch (CliException notNow) {
            return false;
        }
    }
}
