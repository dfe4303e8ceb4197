package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.image.Platform;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.hostio.testing.LayerTar;
import io.holdfast.hostio.testing.OciLayout;
import io.holdfast.hostio.testing.OciLayout.Compression;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.testing.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Applications from OCI images on real nodes, one with a volume: the image is made of this machine's
/// Python.
@Tag("host")
@Order(1)
final class ImageHostTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3.11");
    private static final Path LIBRARY = Path.of("/usr/lib/python3.11");
    private static final Pattern TELLING =
            Pattern.compile("WARN|ERROR|Chunk|Holder|Link|Blob|volumes:|blobs:");
    private static final Pattern SHARED_LIBRARY = Pattern.compile("(/\\S+) \\(0x");
    private static final String SERVER =
            """
            import http.server, json, os
            count = 0
            told = []
            def visits():
                if not os.path.isdir('/data'): return 0
                isNew = not os.path.exists('/data/visits')
                known = 0 if isNew else int(open('/data/visits').read())
                with open('/data/next', 'w') as file:
                    file.write(str(known + 1))
                    file.flush()
                    os.fsync(file.fileno())
                os.rename('/data/next', '/data/visits')
                folder = os.open('/data', os.O_RDONLY)
                os.fsync(folder)
                os.close(folder)
                return known + 1
            class Answers(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    global count
                    count += 1
                    body = json.dumps({'count': count, 'visits': visits(), 'told': told, 'user': os.getuid(),
                            'group': os.getgid(),
                        'folder': os.getcwd(), 'who': os.environ.get('WHO'),
                        'color': os.environ.get('COLOR'), 'gone': os.path.exists('/srv/gone')}).encode()
                    self.send_response(200)
                    self.send_header('Content-Type', 'application/json')
                    self.send_header('Content-Length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def do_POST(self):
                    told.append(self.path)
                    self.send_response(204)
                    self.end_headers()
                def log_message(self, *words): pass
            http.server.HTTPServer(('0.0.0.0', 8080), Answers).serve_forever()
            """;

    /// Made once for all tests.
    @TempDir
    private static Path images;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireTheProgramAndItsTools() {
        HoldfastProgram.requireBuilt();
        assumeTrue(Files.isExecutable(PYTHON), "skipped: this host has no " + PYTHON);
        for (String tool : List.of("runc", "criu")) {
            boolean isHere = List.of("/usr/bin", "/usr/sbin", "/usr/local/sbin", "/opt/holdfast/sbin")
                    .stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(isHere, "skipped: this host has no " + tool);
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (Files.exists(directory.resolve("c/cluster.json"))) {
            // Every node runs once more, so that each takes back what it left on the host.
            run("up").orThrow();
            run("app", "stop", "web");
            run("down", "--timeout", "30").orThrow();
        }
        Mounts.unmountBelow(directory.toRealPath());
    }

    @Test
    @Timeout(300)
    void anApplicationRunsFromItsImageAndSleepsWithItsMemory() throws Exception {
        Path layout = pythonImage();
        run("up", "--nodes", "1").orThrow();
        run("app", "run", "web", "--image", "oci:" + layout + ":v1", "--port", "8080",
                        "--env", "COLOR=green", "--before-save", "call:/saving", "--after-restore",
                        "call:/woken")
                .orThrow();
        JsonNode answer = answer();
        assertEquals(1, answer.path("count").asInt());
        assertEquals("/srv", answer.path("folder").asText());
        assertEquals("the image", answer.path("who").asText());
        assertEquals("green", answer.path("color").asText(), "the application's word counts more");
        assertFalse(answer.path("gone").asBoolean(), "an upper layer has taken it away");

        run("app", "sleep", "web").orThrow();
        assertEquals(2, answer().path("count").asInt(), "it goes on with its memory");
        List<JsonNode> snapshots = new ArrayList<>();
        json("snapshot", "list").forEach(snapshots::add);
        String first = snapshots.getFirst().path("key").asText();
        run("snapshot", "restore", first).orThrow();
        JsonNode restored = answer();
        for (int i = 0; i < 1_000 && !restored.path("told").toString().contains("woken"); i++) {
            restored = answer();
        }
        assertTrue(restored.path("told").toString().contains("\"/saving\",\"/woken\""), restored.toString());

        run("app", "run", "web", "--image", "oci:" + layout + ":user", "--port", "8080",
                        "--snapshot", "off")
                .orThrow();
        JsonNode asUser = answer();
        assertEquals(1_234, asUser.path("user").asInt(), "the image's own user, by name");
        assertEquals(5_678, asUser.path("group").asInt());

        run("app", "run", "web", "--image", "oci:" + layout + ":v2", "--port", "8080").orThrow();
        CliException refused =
                org.junit.jupiter.api.Assertions.assertThrows(CliException.class, this::answer);
        assertTrue(String.valueOf(refused.getMessage()).contains("names=[v1, user]"), refused.getMessage());
    }

    @Test
    @Timeout(500)
    void anImageThatOneNodeImportedRunsOnAnotherOnceThatNodeIsDead() throws Exception {
        Path layout = directory.resolve("layout");
        ProcessRun.of("cp", "--recursive", pythonImage().toString(), layout.toString()).run().orThrow();
        run("up").orThrow();
        JsonNode image = json("image", "import", "oci:" + layout + ":v1", "--name", "web:v1");
        assertEquals(3, image.at("/image/parts").size(), "a configuration and two layers");
        JsonNode operation = only(json("operation", "list"));
        assertEquals("image.import", operation.path("kind").asText());
        Files.move(layout, directory.resolve("out-of-reach"));

        program().kill(operation.path("owner").asText());
        run("app", "run", "web", "--image", "web:v1", "--port", "8080").orThrow();
        assertEquals(1, patientAnswer().path("count").asInt());
        ProcessOutcome used = run("image", "delete", "web:v1");
        assertTrue(used.errors().contains("applications run from the image"), used.errors());
    }

    @Test
    @Timeout(500)
    void anApplicationFindsWhatItWroteToItsVolumeOnAnotherNode() throws Exception {
        for (String tool : List.of("nbdfuse", "losetup", "mkfs.ext4", "blkid")) {
            boolean isHere = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(isHere, "skipped: this host has no " + tool);
        }
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "skipped: this host has no FUSE");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "skipped: this host has no loop devices");
        Path layout = pythonImage();
        run("up").orThrow();
        run("volume", "create", "data", "--size", "64MiB", "--profile", "2+1").orThrow();
        run("app", "run", "web", "--image", "oci:" + layout + ":user", "--port", "8080",
                        "--volume", "data:/data")
                .orThrow();
        JsonNode first = patientAnswer();
        assertEquals(1, first.path("visits").asInt(), first.toString());
        assertEquals(1_234, first.path("user").asInt(), "the image's user owns the new file system");
        assertEquals(2, answer().path("visits").asInt());
        ProcessOutcome saved = run("snapshot", "create", "web");
        assertTrue(saved.isSuccess() || saved.errors().contains("CAP_SYS_RESOURCE"), saved.errors());
        assertEquals(3, answer().path("visits").asInt(), "memory of before is not for this disk");

        JsonNode volume = json("volume", "show", "data");
        program().kill(volume.at("/attachment/node").asText());
        JsonNode elsewhere = patientAnswer();
        assertEquals(4, elsewhere.path("visits").asInt(), elsewhere.toString());
        assertEquals(1, elsewhere.path("count").asInt(), "it was started cold");
    }

    /// A node that died is missed for a while, on a busy host longer than one request waits.
    private JsonNode patientAnswer() throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (true) {
            try {
                return answer();
            } catch (CliException notYet) {
                if (notYet.exitCode() != ExitCode.UNAVAILABLE || System.nanoTime() - end > 0) {
                    tellWhatNodesSaid();
                    throw notYet;
                }
            }
        }
    }

    /// What a failure leaves behind goes with its folder.
    private void tellWhatNodesSaid() throws IOException {
        for (int node = 1; node <= 3; node++) {
            Path log = directory.resolve("c/node-" + node + "/output.log");
            if (Files.exists(log)) {
                List<String> said = Files.readAllLines(log).stream()
                        .filter(line -> !line.contains(" DEBUG ") && TELLING.matcher(line).find())
                        .toList();
                System.out.println("node-" + node + ":");
                said.subList(Math.max(0, said.size() - 100), said.size()).forEach(System.out::println);
            }
        }
    }

    private static JsonNode only(JsonNode items) {
        assertEquals(1, items.size(), items.toString());
        return items.get(0);
    }

    private static Path pythonImage() throws Exception {
        Path folder = images.resolve("layout");
        if (Files.exists(folder)) {
            return folder;
        }
        LayerTar python = new LayerTar().folder("tmp").folder("proc").folder("sys").folder("dev")
                .folder("etc")
                .file("usr/bin/python3", Files.readAllBytes(PYTHON), 0755)
                .file("srv/gone", "soon");
        Matcher libraries = SHARED_LIBRARY.matcher(
                ProcessRun.of("ldd", PYTHON.toString()).run().orThrow().output());
        while (libraries.find()) {
            String library = libraries.group(1);
            python.file(library.substring(1), Files.readAllBytes(Path.of(library)), 0755);
        }
        try (var files = Files.walk(LIBRARY)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = each.toString();
                boolean isNeeded = !name.contains("/test/") && !name.contains("-packages/");
                if (isNeeded) {
                    python.file(name.substring(1), Files.readAllBytes(each), 0644);
                }
            }
        }
        byte[] below = python.bytes();
        byte[] above = new LayerTar().file("srv/server.py", SERVER).file("srv/.wh.gone", "")
                .file("etc/passwd", "web:x:1234:5678::/srv:/bin/false\n").bytes();
        OciLayout layout = new OciLayout(folder);
        for (String name : List.of("v1", "user")) {
            layout.layer(below, Compression.ZSTD)
                    .layer(above, Compression.GZIP)
                    .image(name, Platform.here().architecture(), Map.of(
                            "Entrypoint", List.of("/usr/bin/python3"),
                            "Cmd", List.of("/srv/server.py"),
                            "Env", List.of("WHO=the image", "COLOR=red"),
                            "WorkingDir", "/srv",
                            "User", name.equals("user") ? "web" : ""));
        }
        return folder;
    }

    private JsonNode answer() throws Exception {
        LocalCluster cluster = LocalCluster.open(directory.resolve("c"));
        try (ApiClient client = new ApiClient(cluster.access(), Duration.ofMinutes(1))) {
            return client.call(ApiRequest.get("/apps/web/"));
        }
    }

    private JsonNode json(String... arguments) throws IOException, InterruptedException {
        return program().json(arguments);
    }

    private ProcessOutcome run(String... arguments) throws IOException, InterruptedException {
        return program().run(arguments);
    }

    private HoldfastProgram program() {
        return new HoldfastProgram(directory.resolve("c"));
    }
}
