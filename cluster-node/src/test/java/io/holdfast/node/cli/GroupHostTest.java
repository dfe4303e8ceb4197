package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.testing.HoldfastProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Applications of two members on a real cluster of three, through the command line: the members talk over
/// one connection from their start, and go on over it wherever they are woken. One has frozen copies, the
/// other keeps what it writes on a volume, of the same moment as its memory.
@Tag("host")
@Order(Integer.MAX_VALUE - 2)
final class GroupHostTest {
    /// Asks with numbers and hashes the answers; any gap ends it.
    private static final String WEB = """
            import hashlib, http.server, json, os, signal, socket, struct, threading, time
            told = []
            signal.signal(10, lambda *_: told.append('signal'))
            print('web begins', flush=True)
            while True:
                try: c = socket.create_connection(('localhost', 9000)); break
                except OSError: time.sleep(0.02)
            state = {'at': (0, '')}
            def talk():
                f = c.makefile('rwb'); d = hashlib.sha256(); n = 0
                while True:
                    f.write(struct.pack('>Q', n)); f.flush()
                    back = f.read(16)
                    if struct.unpack('>QQ', back) != (n, n + 1): os._exit(4)
                    d.update(back); n += 1
                    state['at'] = (n, d.hexdigest())
                    time.sleep(0.005)
            class H(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    told.append(self.path)
                    self.send_response(200); self.send_header('Content-Length', '0'); self.end_headers()
                def do_GET(self):
                    n, h = state['at']
                    body = json.dumps({'answers': n, 'hash': h, 'port': c.getsockname()[1],
                                       'told': ' '.join(told)}).encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.send_header('Content-Type', 'application/json')
                    self.end_headers(); self.wfile.write(body)
                def log_message(self, *args): pass
            threading.Thread(target=talk, daemon=True).start()
            http.server.HTTPServer(('0.0.0.0', 8080), H).serve_forever()
            """;

    /// Answers each number with itself and how many rows its file has by then, which is on its volume if it
    /// has one.
    private static final String DATABASE = """
            import os, signal, socket, struct
            signal.signal(10, lambda *_: print('db is told', flush=True))
            print('db begins', flush=True)
            l = socket.socket(); l.bind(('127.0.0.1', 9000)); l.listen()
            s, _ = l.accept(); f = s.makefile('rwb'); expected = 0
            name = '/data/rows' if os.path.isdir('/data') else '/var/rows'
            rows = open(name, 'ab', buffering=0)
            while True:
                got, = struct.unpack('>Q', f.read(8))
                if got != expected: os._exit(3)
                expected += 1
                rows.write(struct.pack('>Q', got))
                f.write(struct.pack('>QQ', got, os.path.getsize(name) // 8)); f.flush()
            """;

    private static final int LOOKS_MAX = 60;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireTheProgramAndItsTools() {
        HoldfastProgram.requireBuilt();
        HostTool.require("runc", "python3.11", "nbdfuse", "mkfs.ext4");
        boolean isHere = List.of("/usr/bin", "/usr/sbin", "/usr/local/sbin", "/opt/holdfast/sbin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "criu")));
        assumeTrue(isHere, "skipped: this host has no criu");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (Files.exists(directory.resolve("c/cluster.json"))) {
            run("up").orThrow();
            run("app", "stop", "shop");
            run("app", "stop", "copy");
            run("app", "stop", "stock");
            run("down", "--timeout", "30").orThrow();
        }
        Mounts.unmountBelow(directory);
    }

    @Test
    @Timeout(400)
    void aGroupSleepsIsSavedAndGoesOnElsewhereAsOne() throws Exception {
        run("up").orThrow();
        whatIsWrongIsSaidBeforeAnythingRuns();
        run("app", "run", "shop", "--group", groupFile("shop", "mounts: ['/usr:/usr:ro']"), "--port", "8080",
                "--pool", "1").orThrow();
        Progress first = progress(0, "shop");
        assertEquals("first-request", json("snapshot", "list").path(0).path("origin").asText());
        assertTrue(run("app", "logs", "shop", "--member", "db").orThrow().output().contains("db begins"));
        ProcessOutcome unnamed = run("app", "logs", "shop");
        assertTrue(unnamed.errors().contains("members=web, db"), unnamed.explained());
        requireCommands("shop");

        run("app", "sleep", "shop").orThrow();
        awaitFrozenCopy("shop");
        ProcessOutcome asleep = run("app", "exec", "shop", "--member", "db", "--", "/bin/ls");
        assertTrue(asleep.errors().contains("the next request to it wakes it"), asleep.explained());
        Progress woken = progress(1, "shop");
        assertEquals(first.port(), woken.port(), "restored with its connection");
        assertTrue(woken.answers() > first.answers(), woken.toString());
        assertEquals(
                List.of("thawed", "cold"),
                json("app", "starts", "shop").path("items").findValuesAsText("kind"));
        requireCommands("shop");

        run("snapshot", "create", "shop", "--name", "kept").orThrow();
        run("snapshot", "clone", "shop/kept", "copy").orThrow();
        Progress copied = progress(2, "copy");
        assertEquals(first.port(), copied.port(), "each in a network of its own");

        String host = json("app", "ps", "shop").path(0).path("node").asText();
        Progress stored = runOnAVolume(host);
        awaitSafe("default/shop/kept");
        program().kill(host);
        int survivor = host.equals("node-1") ? 1 : 0;
        Progress elsewhere = progress(survivor, "shop");
        assertEquals(first.port(), elsewhere.port(), "the same connection on another node");
        assertTrue(elsewhere.answers() > woken.answers(), elsewhere.toString());
        assertNotEquals(host, json("app", "ps", "shop").path(0).path("node").asText());
        requireGoesOn(stored, progress(survivor, "stock"));
    }

    /// Leaves a group asleep whose database writes to a volume.
    private Progress runOnAVolume(String node) throws Exception {
        String file = groupFile("stock", "volumes: ['rows:/data'], mounts: ['/usr:/usr:ro']");
        ProcessOutcome pooled =
                run("app", "run", "stock", "--group", file, "--port", "8080", "--pool", "1");
        assertTrue(pooled.errors().contains("for one instance at a time"), pooled.explained());
        run("volume", "create", "rows", "--size", "64MiB", "--profile", "2+1").orThrow();
        run("app", "run", "stock", "--group", file, "--port", "8080", "--before-save", "signal:10",
                "--before-save", "call:/saving", "--after-restore", "call:/woken").orThrow();
        run("app", "wake", "stock", "--node", node).orThrow();
        Progress cold = progress(0, "stock");
        run("app", "sleep", "stock").orThrow();
        Progress stored = progress(1, "stock");
        assertEquals("signal /saving /woken", stored.told());
        requireGoesOn(cold, stored);
        assertTrue(run("app", "exec", "stock", "--member", "db", "--", "/bin/ls", "/data")
                .orThrow().output().contains("rows"));
        run("app", "sleep", "stock").orThrow();
        for (JsonNode snapshot : json("snapshot", "list")) {
            if (snapshot.path("key").asText().startsWith("default/stock/")) {
                awaitSafe(snapshot.path("key").asText());
            }
        }
        return stored;
    }

    /// Until one host may be lost: one that is slow for a moment is done without, and gets its part later.
    private void awaitSafe(String snapshot) throws Exception {
        Instant end = Instant.now().plusSeconds(90);
        JsonNode where = json("snapshot", "where", snapshot);
        while (!where.path("profile").asText().endsWith("+1") || where.path("nodes").size() < 2
                || where.path("storedBytes").asDouble() < 1.5 * where.path("sizeBytes").asDouble()) {
            assertTrue(Instant.now().isBefore(end), where.toString());
            where = json("snapshot", "where", snapshot);
        }
    }

    private static void requireGoesOn(Progress before, Progress after) {
        assertEquals(before.port(), after.port(), "the same connection");
        assertTrue(after.answers() > before.answers(), after.toString());
        assertTrue(after.told().startsWith(before.told()), after.toString());
    }

    /// In the root of a member, with no more rights than it has.
    private void requireCommands(String application) throws Exception {
        ProcessOutcome files = run("app", "exec", application, "--member", "db", "--", "/bin/ls", "/app");
        assertEquals("db.py\n", files.orThrow().output());
        List<String> rights = run("app", "exec", application, "--member", "db", "--", "/bin/grep", "-hE",
                        "^(Cap|NoNewPrivs|Seccomp)", "/proc/129/status", "/proc/self/status")
                .orThrow().output().lines().toList();
        assertEquals(16, rights.size(), rights.toString());
        assertEquals(rights.subList(0, 8), rights.subList(8, 16), "those of the member");
    }

    private void awaitFrozenCopy(String application) throws Exception {
        int looks = 0;
        while (!json("app", "ps", application).path(0).path("state").asText().equals("asleep")) {
            assertTrue(++looks < LOOKS_MAX, "no copy stands ready");
        }
    }

    private void whatIsWrongIsSaidBeforeAnythingRuns() throws Exception {
        Path file = Files.writeString(directory.resolve("twice.yaml"), """
                members:
                  - {name: web, rootfs: /srv, command: [/bin/web]}
                  - {name: web, rootfs: /srv, command: [/bin/web]}
                """);
        ProcessOutcome twice = run("app", "run", "twice", "--group", file.toString());
        assertTrue(twice.errors().contains("two members of one name: web"), twice.explained());
        ProcessOutcome both = run("app", "run", "both", "--group", file.toString(), "--image", "web:v1");
        assertTrue(both.errors().contains("with --group, the file says"), both.explained());
        Files.writeString(file, "members: [{name: Web, rootfs: /srv, command: [/bin/web]}]");
        ProcessOutcome name = run("app", "run", "name", "--group", file.toString());
        assertTrue(name.errors().contains("/members/0/name"), name.explained());
    }

    /// How far the front end says that it is, over which connection, and what it was told.
    private record Progress(long answers, int port, String told) {}

    private Progress progress(int node, String application) throws Exception {
        String endpoint = LocalCluster.open(directory.resolve("c")).access().endpoints().get(node);
        ClusterAccess known = LocalCluster.open(directory.resolve("c")).access();
        try (ApiClient client = new ApiClient(
                new ClusterAccess(List.of(endpoint), known.authorityPem(), known.token()),
                Duration.ofMinutes(3))) {
            JsonNode answer = client.call(ApiRequest.get("/apps/" + application + "/"));
            assertEquals(hashAfter(answer.path("answers").asLong()), answer.path("hash").asText(),
                    answer.toString());
            return new Progress(answer.path("answers").asLong(), answer.path("port").asInt(),
                    answer.path("told").asText());
        }
    }

    private static String hashAfter(long count) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (long number = 0; number < count; number++) {
            digest.update(ByteBuffer.allocate(16).putLong(number).putLong(number + 1).array());
        }
        return count == 0 ? "" : HexFormat.of().formatHex(digest.digest());
    }

    /// Of a group with roots of its own.
    ///
    /// @param mounts what its database sees
    private String groupFile(String name, String mounts) throws IOException {
        Path place = directory.resolve(name);
        Path web = HostRoot.create(place.resolve("web")).with("web.py", WEB).folder();
        Path database = HostRoot.create(place.resolve("db")).with("db.py", DATABASE).folder();
        return Files.writeString(directory.resolve(name + ".yaml"), """
                members:
                  - name: web
                    rootfs: %s
                    command: [python3.11, web.py]
                    workdir: /app
                    mounts: ['/usr:/usr:ro']
                  - {name: db, rootfs: %s, command: [/usr/bin/python3.11, /app/db.py], %s}
                """.formatted(web, database, mounts)).toString();
    }

    private JsonNode json(String... arguments) throws Exception {
        return program().json(arguments);
    }

    private ProcessOutcome run(String... arguments) throws IOException, InterruptedException {
        return program().run(arguments);
    }

    private HoldfastProgram program() {
        return new HoldfastProgram(directory.resolve("c"));
    }
}
