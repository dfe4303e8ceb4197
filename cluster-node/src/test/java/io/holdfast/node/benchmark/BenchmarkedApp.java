package io.holdfast.node.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/// One application of a cluster, brought into the states that a start is measured from. Confined.
final class BenchmarkedApp {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long STEP_NANOS = 20_000_000;

    private final ApiClient client;
    private final BenchmarkService service;
    private final String name;

    /// @param name of the application, in the tenant `default`
    BenchmarkedApp(ApiClient client, BenchmarkService service, String name) {
        this.client = client;
        this.service = service;
        this.name = name;
    }

    /// Where the gateway answers for it.
    String path() {
        return "/apps/" + name + "/";
    }

    private String place() {
        return "/applications/" + ApiRequest.segment("default/" + name);
    }

    /// Says what it is to be; it then runs nowhere.
    ///
    /// @param isSaved whether it is started from snapshots
    /// @param pool frozen copies
    /// @param countMax instances, each for one request at a time if there may be several
    void define(boolean isSaved, int pool, int countMax) throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("rootfs", service.root().folder().toString()).put("port", BenchmarkService.PORT);
        ArrayNode command = body.putArray("command");
        service.command().forEach(command::add);
        body.putArray("mounts").addObject().put("kind", "folder").put("source", "/usr").put("target", "/usr")
                .put("readOnly", true);
        body.putObject("scaling").put("min", 0).put("max", countMax)
                .put("concurrency", countMax > 1 ? 1 : 0).put("idleMillis", 0).put("onIdle", "drop");
        body.putObject("snapshots").put("moment", isSaved ? "on-first-request" : "off").put("pool", pool);
        JsonNode _ = client.call(ApiRequest.put(place(), body));
        stop();
        start();
    }

    /// Ends what runs of it, unsaved.
    void stop() throws CliException {
        JsonNode _ = client.call(ApiRequest.post(place() + "/stop"));
        await("it runs nowhere", instances -> instances.isEmpty());
    }

    /// Saves its instance and ends it.
    void saveAndEnd() throws CliException {
        JsonNode _ = client.call(ApiRequest.post(
                place() + "/snapshots", JsonNodeFactory.instance.objectNode().put("then", "end")));
        await("it runs nowhere", instances -> instances.isEmpty());
    }

    void start() throws CliException {
        JsonNode _ = client.call(ApiRequest.post(place() + "/start"));
    }

    void restart() throws CliException {
        stop();
        start();
    }

    /// Waits until so many slots are held for frozen copies.
    void awaitFrozen(int count) throws CliException {
        await(count + " copies stand frozen", instances -> instances.size() == count
                && StreamSupport.stream(instances.spliterator(), false)
                        .allMatch(instance -> instance.path("state").toString().contains("asleep")));
    }

    /// What the frozen copies of all nodes have, one figure of it.
    double frozen(String figure) throws CliException {
        JsonNode nodes = client.call(ApiRequest.get(place() + "/starts")).path("frozen");
        return StreamSupport.stream(nodes.spliterator(), false)
                .mapToDouble(node -> node.path(figure).asDouble())
                .sum();
    }

    /// Waits until a node has heard that it runs nowhere.
    void awaitGoneAt(ApiClient node) throws CliException {
        await("a node knows that it runs nowhere", () -> instances(node, "linearizable"), ArrayNode::isEmpty);
    }

    /// The node that runs its only instance.
    String node() throws CliException {
        return instances(client, "linearizable").path(0).path("node").asText();
    }

    private void await(String what, Predicate<ArrayNode> holds) throws CliException {
        await(what, () -> instances(client, "linearizable"), holds);
    }

    /// A look at instances.
    @FunctionalInterface
    private interface Look {
        ArrayNode now() throws CliException;
    }

    private static void await(String what, Look look, Predicate<ArrayNode> holds) throws CliException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        ArrayNode instances = look.now();
        while (!holds.test(instances)) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("not in time: " + what + ": " + instances);
            }
            LockSupport.parkNanos(STEP_NANOS);
            instances = look.now();
        }
    }

    private ArrayNode instances(ApiClient asked, String consistency) throws CliException {
        return asked.list(
                ApiRequest.get(place() + "/instances").withQuery("consistency", consistency), 1_000);
    }

    void delete() throws CliException {
        stop();
        for (JsonNode snapshot : client.list(
                ApiRequest.get("/snapshots").withQuery("prefix", "default/" + name + "/"), 1_000)) {
            JsonNode _ = client.call(ApiRequest.delete(
                    "/snapshots/" + ApiRequest.segment(snapshot.path("key").asText())));
        }
        JsonNode _ = client.call(ApiRequest.delete(place()));
    }
}
