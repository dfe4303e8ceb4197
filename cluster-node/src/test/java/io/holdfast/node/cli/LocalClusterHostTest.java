package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.testing.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The cluster of one machine as its user meets it: `bin/holdfast`, real processes, kill -9.
@Tag("host")
@Order(3)
final class LocalClusterHostTest {
    private final ObjectMapper mapper = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeEach
    void requireTheBuiltProgram() {
        HoldfastProgram.requireBuilt();
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
        aSecondProcessIsRefusedTheFolderOfANode();
        assertEquals(List.of("ready", "ready", "ready"), states(ExitCode.OK));

        run("down").orThrow();
        assertEquals(List.of("stopped", "stopped", "stopped"), states(ExitCode.UNAVAILABLE));
        List<Long> second = pidsAfterUp();
        assertTrue(second.stream().noneMatch(first::contains), "new processes: " + first + " " + second);
        assertEquals("blue", read("colour"));

        set("colour", "green");
        for (long pid : second) {
            HoldfastProgram.kill(pid);
        }
        pidsAfterUp();
        assertEquals("green", read("colour"));

        JsonNode stopped = json("down");
        assertEquals(3, stopped.path("stopped").size(), stopped.toString());
        assertEquals(0, stopped.path("killed").size(), stopped.toString());
        for (String node : List.of("node-1", "node-2", "node-3")) {
            String data = directory.resolve(node).resolve("data").toString();
            HoldfastProgram.runWithout(List.of("history", "verify", "--data", data)).orThrow();
        }
    }

    private void aSecondProcessIsRefusedTheFolderOfANode() throws Exception {
        Path config = directory.resolve("node-1").resolve("node.conf");
        ProcessOutcome second =
                HoldfastProgram.runWithout(List.of("node", "run", "--config", config.toString()));
        assertEquals(new ProcessExit.Code(1), second.exit());
        assertTrue(second.explained().contains("a node runs on this data directory already"),
                second.explained());
    }

    private List<Long> pidsAfterUp() throws Exception {
        return items(json("up").path("nodes")).stream().map(node -> node.path("pid").asLong()).toList();
    }

    private void set(String key, String value) throws Exception {
        run("setting", "set", key, value).orThrow();
    }

    private String read(String key) throws Exception {
        return json("setting", "get", key).path("value").asText();
    }

    private List<String> states(ExitCode expected) throws Exception {
        ProcessOutcome status = run("status", "-o", "json");
        assertEquals(new ProcessExit.Code(expected.number()), status.exit(), status.explained());
        return items(mapper.readTree(status.output())).stream()
                .map(node -> node.path("state").asText())
                .toList();
    }

    private JsonNode json(String... arguments) throws IOException, InterruptedException {
        return new HoldfastProgram(directory).json(arguments);
    }

    private ProcessOutcome run(String... arguments) throws IOException, InterruptedException {
        return new HoldfastProgram(directory).runApart(arguments);
    }

    private static List<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
