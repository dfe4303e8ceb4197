package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.testing.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Memory and disk of one moment, on a real cluster of three: real containers, file systems and kill -9. The
/// program keeps a count in memory, in a file that it keeps open and never syncs, and in redis, which keeps
/// it in memory and in its own log; all are told with each answer and never apart.
@Tag("host")
@Order(Integer.MAX_VALUE)
final class VolumeSnapshotHostTest {
    private static final int ATTEMPTS_MAX = 5;
    private static final int LOOKS_MAX = 60;

    private static final String SERVICE =
            """
            import http.server, json, os, secrets, socket, subprocess, time
            os.makedirs('/data/state', exist_ok=True)
            log = open('/data/state/log', 'a+b', buffering=0)
            count = os.fstat(log.fileno()).st_size
            born = secrets.token_hex(4)
            subprocess.Popen(['/usr/bin/redis-server', '--dir', '/data/state', '--appendonly', 'yes',
                              '--save', '', '--port', '6379', '--bind', '127.0.0.1', '--daemonize', 'no'])
            def redis(*words):
                global link
                text = f'*{len(words)}\\r\\n' + ''.join(f'${len(w)}\\r\\n{w}\\r\\n' for w in words)
                link.sendall(text.encode())
                answer = link.makefile('rb').readline()
                if not answer.startswith(b':'): raise IOError(answer)
                return int(answer[1:])
            while True:
                try:
                    link = socket.create_connection(('127.0.0.1', 6379)); redis('EXISTS', 'count'); break
                except OSError: time.sleep(0.05)
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    global count
                    count += 1
                    log.write(b'x')
                    body = json.dumps({'memory': count, 'disk': os.stat('/data/state/log').st_size,
                                       'redis': redis('INCR', 'count'), 'born': born}).encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.send_header('Content-Type', 'application/json')
                    self.end_headers(); self.wfile.write(body)
                def log_message(self, *args): pass
            http.server.HTTPServer(('0.0.0.0', 8080), H).serve_forever()
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireTheProgramAndItsTools() {
        HoldfastProgram.requireBuilt();
        for (String tool : List.of("python3.11", "redis-server", "nbdfuse", "mkfs.ext4", "runc")) {
            HostTool.require(tool);
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (Files.exists(directory.resolve("c/cluster.json"))) {
            // Every node runs once more, so that each takes back what it left on the host.
            run("up").orThrow();
            run("app", "stop", "db");
            run("app", "stop", "copy");
            run("down", "--timeout", "30");
        }
        Mounts.unmountBelow(directory);
    }

    @Test
    @Timeout(600)
    void memoryAndDiskAreOfOneMomentWhereverTheyGoOn() throws Exception {
        run("up").orThrow();
        HostRoot root = HostRoot.create(directory.resolve("root")).with("service.py", SERVICE);
        Files.createDirectories(root.folder().resolve("usr"));
        Files.createDirectories(root.folder().resolve("data"));
        run("volume", "create", "data", "--size", "64MiB", "--profile", "2+1").orThrow();
        run("app", "run", "db", "--rootfs", root.folder().toString(), "--mount", "/usr:/usr:ro",
                        "--volume", "data:/data", "--port", "8080",
                        "--", "/usr/bin/python3.11", "/app/service.py")
                .orThrow();
        assertTrue(json("snapshot", "list").isEmpty());
        String born = counted(0, "db", 1);
        assertEquals(born, counted(1, "db", 2));

        // What sleeps goes on with both after its node died.
        String host = hostOf("db");
        run("app", "sleep", "db").orThrow();
        program().kill(host);
        int survivor = host.equals("node-1") ? 1 : 0;
        assertEquals(born, counted(survivor, "db", 3), "with its memory");
        assertNotEquals(host, hostOf("db"));
        run("up").orThrow();

        // What goes on may be taken back, and says what is lost by that.
        run("snapshot", "create", "db", "--name", "three").orThrow();
        JsonNode three = json("snapshot", "show", "db/three");
        String cut = three.path("volumes").path(0).asText();
        assertTrue(cut.startsWith("data/"), three.toString());
        assertEquals(born, counted(0, "db", 4));
        ProcessOutcome kept = run("volume", "delete", cut.replace('/', '@'));
        assertFalse(kept.isSuccess(), kept.output());
        ProcessOutcome refused = run("snapshot", "restore", "db/three");
        assertFalse(refused.isSuccess());
        assertTrue(refused.errors().contains("--roll-back-volumes"), refused.errors());
        String generation = json("app", "show", "db").path("generation").asText();
        run("snapshot", "restore", "db/three", "--roll-back-volumes").orThrow();
        assertNotEquals(generation, json("app", "show", "db").path("generation").asText());
        run("app", "stop", "db").orThrow();
        awaitNoInstance("db");
        run("app", "start", "db").orThrow();

        // A copy has both as well, of its own.
        run("snapshot", "clone", "db/three", "copy").orThrow();
        assertEquals(born, counted(0, "copy", 4), "the copy goes on from three");
        counted(1, "copy", 5);

        // What ran when its node died starts cold, on what it wrote.
        counted(0, "copy", 6);
        String copyHost = hostOf("copy");
        program().kill(copyHost);
        JsonNode cold = answerOfAnother(copyHost.equals("node-1") ? 1 : 0, "copy");
        assertNotEquals(born, cold.path("born").asText());
        assertEquals(cold.path("disk").asInt(), cold.path("memory").asInt());
    }

    private String counted(int node, String app, int count) throws Exception {
        JsonNode answer = answer(node, app);
        assertEquals(count, answer.path("memory").asInt(), answer.toString());
        assertEquals(count, answer.path("disk").asInt(), answer.toString());
        assertEquals(count, answer.path("redis").asInt(), answer.toString());
        return answer.path("born").asText();
    }

    /// A request that was on its way to the dead node has no outcome; a later one has.
    private JsonNode answerOfAnother(int node, String app) throws CliException, IOException {
        for (int attempt = 1; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                return answer(node, app);
            } catch (CliException notYet) {
                System.out.println("attempt=" + attempt + " reason=" + notYet.getMessage());
            }
        }
        return answer(node, app);
    }

    private JsonNode answer(int node, String app) throws CliException, IOException {
        LocalCluster cluster = LocalCluster.open(directory.resolve("c"));
        String endpoint = cluster.access().endpoints().get(node);
        try (ApiClient client = new ApiClient(
                new ClusterAccess(
                        List.of(endpoint), cluster.access().authorityPem(), cluster.access().token()),
                Duration.ofMinutes(3))) {
            return client.call(ApiRequest.get("/apps/" + app + "/"));
        }
    }

    private String hostOf(String app) throws Exception {
        return json("app", "ps", app).path(0).path("node").asText();
    }

    private void awaitNoInstance(String app) throws IOException, InterruptedException {
        int looks = 0;
        while (!json("app", "ps", app).isEmpty()) {
            assertTrue(++looks < LOOKS_MAX, "it still has an instance");
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
