package io.holdfast.node.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Three nodes of this machine, as `bin/holdfast up` starts them. Confined to the test's thread.
public final class RunningCluster {
    private static final Path EXECUTABLE = Path.of("bin", "holdfast").toAbsolutePath();
    private static final Duration COMMAND_WITHIN = Duration.ofMinutes(3);

    private final ObjectMapper mapper = new ObjectMapper();
    private final Path directory;
    private final Map<String, JsonNode> nodes = new TreeMap<>();

    private RunningCluster(Path directory) {
        this.directory = directory;
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

    public void kill(String node) throws IOException, InterruptedException {
        ProcessRun.of("kill", "-9", nodes.get(node).path("pid").asText()).run().orThrow();
    }

    /// What a command of the command line prints as JSON.
    public JsonNode json(String... arguments) throws IOException, InterruptedException {
        return mapper.readTree(run(List.of(arguments), List.of("-o", "json")).orThrow().output());
    }

    /// Options stand before what belongs to somebody else's command.
    private ProcessOutcome run(List<String> arguments, List<String> options)
            throws IOException, InterruptedException {
        int dashes = arguments.indexOf("--");
        int end = dashes < 0 ? arguments.size() : dashes;
        List<String> command = new ArrayList<>(List.of(EXECUTABLE.toString()));
        command.addAll(arguments.subList(0, end));
        command.addAll(options);
        command.addAll(List.of("--dir", directory.toString()));
        command.addAll(arguments.subList(end, arguments.size()));
        return ProcessRun.of(command)
                .withEnvironment("HOLDFAST_NO_BUILD", "1")
                .withDeadline(COMMAND_WITHIN)
                .run();
    }

    /// Ends the nodes and leaves nothing of them behind.
    public void stop() throws IOException, InterruptedException {
        ProcessOutcome down = run(List.of("down", "--timeout", "10"), List.of());
        Mounts.unmountBelow(directory);
        down.orThrow();
    }
}
