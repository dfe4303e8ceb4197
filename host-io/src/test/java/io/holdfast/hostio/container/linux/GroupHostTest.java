package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.CheckpointOptions.After;
import io.holdfast.hostio.container.Confinement;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerExit;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerLog;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.hostio.container.Cut;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.HostLeftovers;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two members that hold a TCP connection, a unix socket and a page of memory between them, and keep files
/// of their own: saved at any moment they are one cut, or go on together. More rounds with
/// `-Dholdfast.checkpoints=50`.
@Tag("host")
class GroupHostTest {
    private static final int PORT = 8080;
    private static final int RANDOM_MILLIS_MAX = 100;
    private static final Duration SOON = Duration.ofSeconds(20);

    /// Asks with numbers over one connection, and through a socket file beside it, hashes the answers, and
    /// compares the page that both have. Any gap ends it. Each member has a socket file of the same name in
    /// its own root, too.
    private static final String WEB =
            """
            import hashlib, http.server, mmap, os, socket, struct, threading, time
            print('web begins', flush=True)
            def connect(family, address):
                while True:
                    s = socket.socket(family)
                    try:
                        s.connect(address); return s
                    except OSError: s.close(); time.sleep(0.02)
            local = connect(socket.AF_UNIX, '/dev/shm/db.sock')
            own = socket.socket(socket.AF_UNIX); own.bind('/run/own.sock'); own.listen()
            c = connect(socket.AF_INET, ('localhost', 9000))
            with open('/dev/shm/page', 'r+b') as f: page = mmap.mmap(f.fileno(), 4096)
            state = {}
            def talk():
                f = c.makefile('rwb'); g = local.makefile('rwb'); d = hashlib.sha256(); n = 0
                while True:
                    f.write(struct.pack('>Q', n)); f.flush()
                    back = f.read(16)
                    got, rows = struct.unpack('>QQ', back)
                    g.write(struct.pack('>Q', n)); g.flush()
                    beside, = struct.unpack('>Q', g.read(8))
                    seen, = struct.unpack('>Q', page[0:8])
                    if got != n or rows != n + 1 or beside != n or seen != n + 1: os._exit(4)
                    d.update(back); n += 1
                    state['at'] = (n, d.hexdigest())
                    time.sleep(0.0005)
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    if self.path == '/end': os._exit(5)
                    client = connect(socket.AF_UNIX, '/run/own.sock'); server, _ = own.accept()
                    client.close(); server.close()
                    n, h = state.get('at', (0, '-'))
                    body = f'{n} {h} {c.getsockname()[1]}'.encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.end_headers(); self.wfile.write(body)
                def log_message(self, *args): pass
            threading.Thread(target=talk, daemon=True).start()
            http.server.HTTPServer(('0.0.0.0', 8080), H).serve_forever()
            """;

    /// Answers each number with itself and how many rows its file has by then.
    private static final String DATABASE =
            """
            import mmap, os, socket, struct, threading
            print('db begins', flush=True)
            with open('/dev/shm/page', 'wb') as f: f.write(bytes(4096))
            with open('/dev/shm/page', 'r+b') as f: page = mmap.mmap(f.fileno(), 4096)
            own = socket.socket(socket.AF_UNIX); own.bind('/run/own.sock'); own.listen()
            u = socket.socket(socket.AF_UNIX); u.bind('/dev/shm/db.sock'); u.listen()
            l = socket.socket(); l.bind(('127.0.0.1', 9000)); l.listen()
            def echo():
                s, _ = u.accept(); g = s.makefile('rwb')
                while True: g.write(g.read(8)); g.flush()
            threading.Thread(target=echo, daemon=True).start()
            s, _ = l.accept(); f = s.makefile('rwb'); expected = 0
            rows = open('/var/rows', 'ab', buffering=0)
            while True:
                got, = struct.unpack('>Q', f.read(8))
                if got != expected: os._exit(3)
                expected += 1
                rows.write(struct.pack('>Q', got))
                page[0:8] = struct.pack('>Q', expected)
                f.write(struct.pack('>QQ', got, os.path.getsize('/var/rows') // 8)); f.flush()
            """;

    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    Path area;

    private HostRoot web = new HostRoot(Path.of("/"));
    private HostRoot database = new HostRoot(Path.of("/"));

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private LinuxContainerRuntime runtime;

    /// How far the front end says that it is, and over which connection.
    private record Progress(long answers, String hash, int port) {}

    @BeforeEach
    void open() throws IOException {
        ContainerTools.require();
        HostTool.require("python3.11");
        System.out.println("seed=" + seed);
        web = HostRoot.create(area.resolve("web")).with("web.py", WEB);
        database = HostRoot.create(area.resolve("db")).with("db.py", DATABASE);
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
    }

    @AfterEach
    void erase() {
        if (runtime != null) {
            runtime.erase();
        }
    }

    @Test
    void membersAreOneCutAtAnyMoment() throws Exception {
        int rounds = Integer.getInteger("holdfast.checkpoints", 6);
        Container current = runtime.start(group("g"));
        Progress last = beyond(current, 0);
        int connection = last.port();
        for (int round = 0; round < rounds; round++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(RANDOM_MILLIS_MAX)));
            String where = "round=" + round + " seed=" + seed;
            Path folder = area.resolve("image-" + round);
            CheckpointImage image = current.checkpoint(folder, CheckpointOptions.DEFAULT);
            Progress saved = beyond(current, last.answers());
            if (round % 2 == 1) {
                // What came after the cut is lost with all members; what comes now comes after the cut.
                runtime.remove(current.id());
                current = runtime.restore(RestoreRequest.of(group("g" + round), image));
                last = beyond(current, last.answers());
            } else {
                last = saved;
            }
            new io.holdfast.hostio.mount.OwnedFolder(folder).delete();
            assertEquals(hashAfter(last.answers()), last.hash(), where);
            assertEquals(connection, last.port(), "the same connection: " + where);
        }
        beyond(current, last.answers() + 1);
        System.out.println("group: checkpoints=" + rounds + " answers=" + last.answers());
    }

    @Test
    void aCopyGoesOnBesideTheOriginalAndAfterItsNodeWasKilled() throws Exception {
        Container original = runtime.start(group("a"));
        Progress before = beyond(original, 5);
        CheckpointImage image = original.checkpoint(area.resolve("image"),
                CheckpointOptions.DEFAULT.withAfter(After.GO_ON));
        Container copy = runtime.restore(RestoreRequest.of(group("b"), image).frozen());
        assertEquals(ContainerState.FROZEN, copy.state());
        copy.thaw();
        assertEquals(before.port(), beyond(copy, before.answers()).port());
        assertEquals(1, copy.restoreCount());
        requireCommandsOfMembers(copy);
        Progress both = beyond(original, before.answers() + 1);
        runtime.close();
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
        Container found = runtime.find(original.id()).orElseThrow();
        assertEquals(hashAfter(both.answers()), both.hash());
        beyond(found, both.answers() + 1);
        assertEquals(original.spec(), found.spec());
        assertTrue(text(found.log("db")).startsWith("db begins"));
    }

    @Test
    void whateverFailsAllMembersGoOn() throws Exception {
        Container group = runtime.start(group("g"));
        Progress before = beyond(group, 0);
        Set<String> left = new HostLeftovers(area.resolve("state")).list();

        Cut failing = () -> {
            throw new IOException("no volume can be kept");
        };
        CheckpointOptions ending = CheckpointOptions.DEFAULT.withAfter(After.END);
        assertEquals(Kind.FAILED, kindOf(() -> group.checkpoint(area.resolve("cut"), ending, failing)));
        Progress afterCut = beyond(group, before.answers() + 1);

        CheckpointOptions hasty = new CheckpointOptions(After.END, false, Duration.ofMillis(1));
        assertEquals(Kind.FAILED, kindOf(() -> group.checkpoint(area.resolve("late"), hasty)));
        Progress afterDeadline = beyond(group, afterCut.answers() + 1);

        try (Socket outside = new Socket()) {
            outside.connect(new InetSocketAddress(group.address(), PORT), 5_000);
            outside.getOutputStream().write('G');
            ContainerException refused = assertThrows(ContainerException.class, () ->
                    group.checkpoint(area.resolve("outside"), CheckpointOptions.DEFAULT));
            assertEquals(Kind.OBSTACLES, refused.kind(), refused.getMessage());
        }
        Progress last = beyond(group, afterDeadline.answers() + 1);
        assertEquals(hashAfter(last.answers()), last.hash());
        assertEquals(before.port(), last.port());
        assertEquals(left, new HostLeftovers(area.resolve("state")).list());
    }

    @Test
    void theEndOfAMemberIsThatOfAllAndIsTold() throws Exception {
        Container group = runtime.start(group("g"));
        beyond(group, 0);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(group.address(), PORT), 5_000);
            socket.getOutputStream().write("GET /end HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(-1, socket.getInputStream().read());
        }
        ContainerExit exit = group.awaitExit(SOON).orElseThrow();
        assertEquals(Optional.of("web"), exit.member());
        assertEquals(Optional.of(new ProcessExit.Code(5)), exit.how());
        assertEquals("member web exited with code 5", exit.explained());
        assertEquals("web begins\n", text(group.log("web")));
        assertTrue(text(group.log("db")).startsWith("db begins\n"));
    }

    @Test
    void aGroupThatIsAskedToEndsAtOnce() throws Exception {
        Container group = runtime.start(group("g"));
        beyond(group, 0);
        long begun = System.nanoTime();
        ContainerExit exit = group.stop(SOON);
        assertTrue(exit.isRequested());
        assertTrue(System.nanoTime() - begun < SOON.toNanos(), "nobody had to be killed");
    }

    @Test
    void aCommandRunsInTheRootOfAMember() throws Exception {
        Container group = runtime.start(group("g"));
        beyond(group, 0);
        requireCommandsOfMembers(group);
        assertEquals(Kind.INVALID_REQUEST, kindOf(() -> group.exec("cache", List.of("ls"), SOON)));
        assertEquals(Kind.INVALID_REQUEST, kindOf(() -> group.log("cache")));
    }

    private static void requireCommandsOfMembers(Container group) throws IOException {
        ProcessOutcome files = group.exec("db", List.of("ls", "/app", "/members"), SOON);
        assertTrue(files.output().contains("db.py"), files.explained());
        assertFalse(files.isSuccess(), "no member sees the container's own root");
        ProcessOutcome place = group.exec("web", List.of("sh", "-c", "pwd; echo $A; id -u"), SOON);
        assertEquals("/app\nb\n0\n", place.orThrow().output());
        String rights = group.exec("web", List.of("grep", "-hE", "^(Cap|NoNewPrivs|Seccomp)",
                        "/proc/1/status", "/proc/128/status", "/proc/self/status"), SOON)
                .orThrow().output();
        List<String> lines = rights.lines().toList();
        assertEquals(3 * 8, lines.size(), rights);
        assertEquals(lines.subList(8, 16), lines.subList(16, 24), "no more than the member");
        assertEquals(3 * 5, rights.split(":\t0000000000000000", -1).length - 1, rights);
        assertTrue(lines.containsAll(List.of("NoNewPrivs:\t1", "Seccomp:\t2")), rights);
    }

    @Test
    void aMemberWhoseCommandIsNotThereSaysSo() {
        ContainerSpec spec = group("g");
        Member wrong = new Member("web", spec.members().getFirst().root(), Program.of("/bin/no-such-thing"));
        Container group = runtime.start(spec.withMembers(List.of(wrong, spec.members().getLast())));
        ContainerExit exit = group.awaitExit(SOON).orElseThrow();
        assertEquals("member web exited with code 127 (command not found)", exit.explained());
        assertEquals("cannot be executed: /bin/no-such-thing\n", text(group.log("web")));
    }

    /// Two members whose front end the runtime's network reaches.
    private ContainerSpec group(String name) {
        Path usr = Path.of("/usr");
        return new ContainerSpec(
                new ContainerId(name),
                RootFileSystem.of("group:test", web.folder()),
                Program.of("/init"),
                Confinement.LEAST,
                List.of(new BindMount(usr, "/members/web/usr", true),
                        new BindMount(usr, "/members/db/usr", true)),
                List.of(),
                List.of(new Member("web", RootFileSystem.of("sha256:web", web.folder()),
                                Program.of("python3.11", "web.py").withEnvironment(Map.of("A", "b"))
                                        .withWorkingDirectory("/app")),
                        new Member("db", RootFileSystem.of("sha256:db", database.folder()),
                                Program.of("python3.11", "/app/db.py"))));
    }

    /// What the hash has to be.
    private static String hashAfter(long count) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (long number = 0; number < count; number++) {
            digest.update(ByteBuffer.allocate(16).putLong(number).putLong(number + 1).array());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Kind kindOf(org.junit.jupiter.api.function.Executable failing) {
        return assertThrows(ContainerException.class, failing).kind();
    }

    private static String text(ContainerLog log) {
        log.awaitBeyond(0, SOON);
        return new String(log.read(0, 4_000).bytes(), StandardCharsets.UTF_8);
    }

    /// Asked until it has come further than this.
    private static Progress beyond(Container container, long answers) {
        AtomicReference<Progress> answer = new AtomicReference<>(new Progress(0, "", 0));
        Await.until("an answer of " + container.id() + " beyond " + answers, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(container.address(), PORT), 1_000);
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                String[] words = text.substring(text.indexOf("\r\n\r\n") + 4).split(" ", -1);
                answer.set(new Progress(
                        Long.parseLong(words[0]), words[1], Integer.parseInt(words[2])));
                return answer.get().answers() > answers;
            } catch (IOException notYet) {
                if (container.exit().isPresent()) {
                    throw new AssertionError("it ended: " + container.exit().get().explained() + " web="
                            + text(container.log("web")) + " db=" + text(container.log("db")), notYet);
                }
                return false;
            }
        });
        return answer.get();
    }
}
