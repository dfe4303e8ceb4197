package io.holdfast.node.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.cli.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// `bin/holdfast`, as this build made it, for the cluster in a folder. Immutable.
///
/// Each cluster looks for ports in a range of its own, away from clusters that people start on this host and
/// from most of another build's: one that is down for a moment still wants its ports.
public record HoldfastProgram(Path directory) {
    /// From the folder of any module.
    private static final Path MODULE = Path.of("..", "cluster-node").toAbsolutePath().normalize();
    private static final Duration COMMAND_WITHIN = Duration.ofMinutes(3);
    private static final int GONE_WITHIN_SECONDS = 30;
    private static final int FIRST_PORT = 8_000;
    private static final int PORTS_OF_A_CLUSTER = 500;
    private static final int CLUSTERS_MAX = 40;
    private static final AtomicInteger CLUSTERS =
            new AtomicInteger((int) (ProcessHandle.current().pid() % CLUSTERS_MAX));
    private static final Map<Path, Integer> FIRST_PORTS = new ConcurrentHashMap<>();
    private static final Set<String> OF_NODES = Set.of("up", "down");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// Skips the calling test unless the program is there.
    public static void requireBuilt() {
        HostTool.requireThat(
                Files.exists(MODULE.resolve("target/dist/stamp")),
                "the program is not built; mvn verify builds it before the host ring");
    }

    /// Runs a command for this cluster to its end, however it ends; in this process, which takes a tenth of
    /// the time, unless it starts or stops nodes.
    public ProcessOutcome run(String... arguments) throws IOException, InterruptedException {
        return run(List.of(arguments), List.of());
    }

    /// The same in a process of its own, whatever it is.
    public ProcessOutcome runApart(String... arguments) throws IOException, InterruptedException {
        return apart(words(List.of(arguments), List.of()));
    }

    /// What a command prints as JSON; fails unless it succeeds.
    public JsonNode json(String... arguments) throws IOException, InterruptedException {
        return MAPPER.readTree(run(List.of(arguments), List.of("-o", "json")).orThrow().output());
    }

    /// Kills a node and waits until its process has gone with all that it had open: one that still goes would
    /// take a request and never answer it.
    public void kill(String node) throws IOException, InterruptedException {
        // What it says counts, also where it says that a node is not ready.
        JsonNode nodes = MAPPER.readTree(run("status", "-o", "json").output());
        for (JsonNode each : nodes) {
            if (each.path("name").asText().equals(node)) {
                kill(each.path("pid").asLong());
                return;
            }
        }
        throw new AssertionError("no such node: " + node + " in " + nodes);
    }

    /// The same by the number of its process.
    public static void kill(long pid) {
        ProcessHandle process =
                ProcessHandle.of(pid).orElseThrow(() -> new AssertionError("not there: " + pid));
        assertTrue(process.destroyForcibly(), "killed: " + pid);
        process.onExit().orTimeout(GONE_WITHIN_SECONDS, TimeUnit.SECONDS).join();
    }

    private ProcessOutcome run(List<String> arguments, List<String> options)
            throws IOException, InterruptedException {
        List<String> words = words(arguments, options);
        return OF_NODES.contains(words.getFirst()) ? apart(words) : InProcess.run(words);
    }

    /// Options stand before what belongs to somebody else's command.
    private List<String> words(List<String> arguments, List<String> options) {
        int dashes = arguments.indexOf("--");
        int end = dashes < 0 ? arguments.size() : dashes;
        List<String> words = new ArrayList<>(arguments.subList(0, end));
        words.addAll(options);
        words.addAll(List.of("--dir", directory.toString()));
        words.addAll(arguments.subList(end, arguments.size()));
        return words;
    }

    private ProcessOutcome apart(List<String> words) throws IOException, InterruptedException {
        int firstPort = FIRST_PORTS.computeIfAbsent(directory, _ -> nextPort());
        return start(words).withEnvironment("HOLDFAST_PORT", Integer.toString(firstPort)).run();
    }

    private static int nextPort() {
        return FIRST_PORT + (CLUSTERS.getAndIncrement() % CLUSTERS_MAX) * PORTS_OF_A_CLUSTER;
    }

    /// Runs a command that is not about a cluster.
    public static ProcessOutcome runWithout(List<String> words) throws IOException, InterruptedException {
        return start(words).run();
    }

    private static ProcessRun start(List<String> words) {
        List<String> command = new ArrayList<>(List.of(MODULE.resolve("bin/holdfast").toString()));
        command.addAll(words);
        return ProcessRun.of(command)
                .withEnvironment("HOLDFAST_NO_BUILD", "1")
                .withDeadline(COMMAND_WITHIN);
    }
}
