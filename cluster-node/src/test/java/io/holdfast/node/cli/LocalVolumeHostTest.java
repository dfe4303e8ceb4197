package io.holdfast.node.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.testing.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Volumes as their user meets them: `bin/holdfast`, three real processes, libnbd's tools, kill -9.
@Tag("host")
@Order(2)
final class LocalVolumeHostTest {
    private static final Duration RECODED_WITHIN = Duration.ofSeconds(90);
    private static final int SIZE_BYTES = 32 << 20;
    private static final long HAND_OVER_MILLIS_MAX = 40_000;
    private final ObjectMapper mapper = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeEach
    void requireTheBuiltProgram() {
        HostTool.require("nbdcopy");
        HoldfastProgram.requireBuilt();
    }

    @AfterEach
    void leaveNoProcess() throws Exception {
        if (Files.exists(directory.resolve("cluster.json"))) {
            run("down", "--timeout", "5");
        }
        Mounts.unmountBelow(directory);
    }

    @Test
    @Timeout(300)
    void everyByteIsThereAfterAHostDiesAndAnotherServesTheVolumeAfterItsNodeDies() throws Exception {
        Map<String, JsonNode> nodes = up();
        Path written = randomFile("first", 17);
        json("volume", "create", "data", "--size", "32MiB", "--profile", "2+1");
        String address = export();
        HostTool.output("nbdcopy", "--flush", written.toString(), address);
        json("volume", "snapshot", "data", "first");

        String server = json("volume", "stats", "data").path("servedBy").asText();
        String other = nodes.keySet().stream().filter(name -> !name.equals(server)).findFirst().orElseThrow();
        ProcessOutcome elsewhere = HostTool.run(List.of(
                "nbdcopy", "nbd+unix:///data?socket=" + nodes.get(other).path("nbdSocket").asText(),
                directory.resolve("elsewhere").toString()));
        assertFalse(elsewhere.isSuccess(), "a volume that is held is refused elsewhere");

        kill(nodes, other);
        assertEquals(-1, Files.mismatch(written, readBack(address)), "with one host dead");
        HostTool.output("nbdcopy", "--flush", randomFile("second", 18).toString(), address);
        assertTrue(json("volume", "check", "data").path("isClean").asBoolean());
        up();

        kill(nodes, server);
        String handedOver = exportWithin(HAND_OVER_MILLIS_MAX);
        assertFalse(handedOver.contains("/" + server + "/"), "another node serves it: " + handedOver);
        json("volume", "clone", "data@first", "old");
        String old = json("volume", "export", "old").path("uri").asText();
        assertEquals(-1, Files.mismatch(written, readBack(old)), "the snapshot, from another node");
        assertTrue(json("volume", "check", "old").path("isClean").asBoolean());

        json("volume", "profile", "data", "1+1");
        awaitNothingOfAFormerProfile();
        assertEquals(-1, Files.mismatch(directory.resolve("second"), readBack(export())), "recoded");
        assertTrue(json("volume", "check", "data", "--deep").path("isClean").asBoolean());
    }

    private void awaitNothingOfAFormerProfile() throws Exception {
        long end = System.nanoTime() + RECODED_WITHIN.toNanos();
        JsonNode left = json("volume", "stats", "data").at("/family/formerProfileBytes");
        while (left.asLong(-1) != 0) {
            assertTrue(System.nanoTime() - end < 0, "bytes left of the former profile: " + left);
            left = json("volume", "stats", "data").at("/family/formerProfileBytes");
        }
    }

    @Test
    @Timeout(300)
    void aFileSystemOnAnAttachedVolumeIsThereWhenItIsAttachedAgain() throws Exception {
        HostTool.require("nbdfuse", "losetup", "mkfs.ext4", "mount", "umount");
        HostTool.requireThat(
                Files.isWritable(Path.of("/dev/fuse")) && Files.isWritable(Path.of("/dev/loop-control")),
                "FUSE and loop devices");
        up();
        json("volume", "create", "files", "--size", "64MiB");
        String device = json("volume", "attach", "files").path("device").asText();
        Path mount = Files.createDirectory(directory.resolve("mnt"));
        try {
            HostTool.output("mkfs.ext4", "-q", device);
            HostTool.output("mount", device, mount.toString());
            Files.writeString(mount.resolve("word"), "kept");
            ProcessOutcome refused = run("volume", "detach", "files");
            assertEquals(new ProcessExit.Code(ExitCode.CONFLICT.number()), refused.exit());
            HostTool.output("umount", mount.toString());
            run("volume", "detach", "files").orThrow();

            device = json("volume", "attach", "files").path("device").asText();
            HostTool.output("mount", device, mount.toString());
            assertEquals("kept", Files.readString(mount.resolve("word"), UTF_8));
        } finally {
            HostTool.run(List.of("umount", mount.toString()));
            run("volume", "detach", "files");
        }
    }

    private Map<String, JsonNode> up() throws Exception {
        Map<String, JsonNode> nodes = new TreeMap<>();
        StreamSupport.stream(json("up").path("nodes").spliterator(), false)
                .forEach(node -> nodes.put(node.path("name").asText(), node));
        return nodes;
    }

    private static void kill(Map<String, JsonNode> nodes, String name) throws Exception {
        HoldfastProgram.kill(nodes.get(name).path("pid").asLong());
    }

    private Path randomFile(String name, long seed) throws IOException {
        byte[] content = new byte[SIZE_BYTES];
        new Random(seed).nextBytes(content);
        return Files.write(directory.resolve(name), content);
    }

    private Path readBack(String address) throws Exception {
        Path read = directory.resolve("read");
        Files.deleteIfExists(read);
        HostTool.output("nbdcopy", address, read.toString());
        return read;
    }

    private String export() throws Exception {
        return json("volume", "export", "data").path("uri").asText();
    }

    private String exportWithin(long millis) throws Exception {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        ProcessOutcome outcome = run("volume", "export", "data", "-o", "json");
        while (!outcome.isSuccess() && System.nanoTime() - end < 0) {
            outcome = run("volume", "export", "data", "-o", "json");
        }
        return mapper.readTree(outcome.orThrow().output()).path("uri").asText();
    }

    private JsonNode json(String... arguments) throws Exception {
        return new HoldfastProgram(directory).json(arguments);
    }

    private ProcessOutcome run(String... arguments) throws IOException, InterruptedException {
        return new HoldfastProgram(directory).run(arguments);
    }
}
