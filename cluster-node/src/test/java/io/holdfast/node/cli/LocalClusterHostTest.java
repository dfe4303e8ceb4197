package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The cluster of one machine as its user meets it: `bin/holdfast`, real processes, kill -9.
@Tag("host")
final class LocalClusterHostTest {
    private static final Path EXECUTABLE = Path.of("bin", "holdfast").toAbsolutePath();
    private static final Duration COMMAND_WITHIN = Duration.ofSeconds(90);
    private final ObjectMapper mapper = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeEach
    void requireTheBuiltProgram() {
        assumeTrue(
                Files.exists(Path.of("target", "dist", "stamp")),
                "skipped: the program is not built; mvn verify builds it before the host ring");
    }

    @AfterEach
    void leaveNoProcess() throws Exception {
        if (Files.exists(directory.resolve("cluster.json"))) {
            run("down", "--timeout", "5");
        }
    }

    @Test
    @Timeout(300)
    void aClusterKeepsItsRecordsThroughDownAndThroughKillNineOfEverything() throws Exception {
        List<Long> first = pidsAfterUp();
        assertEquals(3, first.size());
        assertEquals(first, pidsAfterUp(), "a second 'up' starts nothing");
        set("colour", "blue");
        assertEquals("blue", read("colour"));
        assertEquals(List.of("ready", "ready", "ready"), states(ExitCode.OK));

        run("down").orThrow();
        assertEquals(List.of("stopped", "stopped", "stopped"), states(ExitCode.UNAVAILABLE));
        List<Long> second = pidsAfterUp();
        assertTrue(second.stream().noneMatch(first::contains), "new processes: " + first + " " + second);
        assertEquals("blue", read("colour"));

        set("colour", "green");
        for (long pid : second) {
            ProcessRun.of("kill", "-9", Long.toString(pid)).run().orThrow();
        }
        pidsAfterUp();
        assertEquals("green", read("colour"));

        JsonNode stopped = mapper.readTree(run("down", "-o", "json").orThrow().output());
        assertEquals(3, stopped.path("stopped").size(), stopped.toString());
        assertEquals(0, stopped.path("killed").size(), stopped.toString());
        for (String node : List.of("node-1", "node-2", "node-3")) {
            String data = directory.resolve(node).resolve("data").toString();
            holdfast(List.of("history", "verify", "--data", data)).orThrow();
        }
    }

    private List<Long> pidsAfterUp() throws Exception {
        JsonNode cluster = mapper.readTree(run("up", "-o", "json").orThrow().output());
        return items(cluster.path("nodes")).stream().map(node -> node.path("pid").asLong()).toList();
    }

    private void set(String key, String value) throws Exception {
        run("setting", "set", key, value).orThrow();
    }

    private String read(String key) throws Exception {
        return mapper.readTree(run("setting", "get", key, "-o", "json").orThrow().output())
                .path("value")
                .asText();
    }

    private List<String> states(ExitCode expected) throws Exception {
        ProcessOutcome status = run("status", "-o", "json");
        assertEquals(new ProcessExit.Code(expected.number()), status.exit(), status.explained());
        return items(mapper.readTree(status.output())).stream()
                .map(node -> node.path("state").asText())
                .toList();
    }

    private ProcessOutcome run(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--dir", directory.toString()));
        return holdfast(words);
    }

    private static ProcessOutcome holdfast(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(EXECUTABLE.toString()));
        command.addAll(arguments);
        return ProcessRun.of(command)
                .withEnvironment("HOLDFAST_NO_BUILD", "1")
                .withDeadline(COMMAND_WITHIN)
                .run();
    }

    private static List<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
