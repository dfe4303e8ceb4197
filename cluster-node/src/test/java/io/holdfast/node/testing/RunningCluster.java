package io.holdfast.node.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.process.ProcessOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Three nodes of this machine, as `bin/holdfast up` starts them. Confined to the test's thread.
public final class RunningCluster {
    private final Path directory;
    private final HoldfastProgram program;
    private final Map<String, JsonNode> nodes = new TreeMap<>();

    private RunningCluster(Path directory) {
        this.directory = directory;
        this.program = new HoldfastProgram(directory);
    }

    public static RunningCluster start(Path directory) throws IOException, InterruptedException {
        RunningCluster cluster = new RunningCluster(directory);
        cluster.up();
        return cluster;
    }

    /// Starts what is down.
    public void up() throws IOException, InterruptedException {
        json("up").path("nodes").forEach(node -> nodes.put(node.path("name").asText(), node));
    }

    /// Where a node's API and its UI are.
    public String origin(String node) {
        return nodes.get(node).path("api").asText();
    }

    public Path data(String node) {
        return directory.resolve(node).resolve("data");
    }

    public long pid(String node) {
        return nodes.get(node).path("pid").asLong();
    }

    public void kill(String node) {
        HoldfastProgram.kill(pid(node));
    }

    /// What a command of the command line prints as JSON.
    public JsonNode json(String... arguments) throws IOException, InterruptedException {
        return program.json(arguments);
    }

    /// Ends the nodes and leaves nothing of them behind.
    public void stop() throws IOException, InterruptedException {
        ProcessOutcome down = program.run("down", "--timeout", "10");
        Mounts.unmountBelow(directory);
        down.orThrow();
    }
}
