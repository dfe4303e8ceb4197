package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.hostio.container.Obstacle;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.HostLeftovers;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Real services in real containers: clones, groups, obstacles, and what is left after tools were killed.
@Tag("host")
@Isolated("it kills whatever tool this process started")
class ContainerHostTest {
    private static final int PORT = 8080;
    private static final Duration SOON = Duration.ofSeconds(20);

    /// Counts its requests, and tells count, host name and identity; speaks to itself over TCP and a pipe.
    private static final String SERVICE =
            """
            import http.server, json, os, socket, threading
            count = 0
            r, w = os.pipe()
            l = socket.socket(); l.bind(('127.0.0.1', 9000)); l.listen()
            a = socket.create_connection(('127.0.0.1', 9000)); b, _ = l.accept()
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    global count
                    count += 1
                    a.sendall(b'x'); b.recv(1); os.write(w, b'y'); os.read(r, 1)
                    body = (str(count) + ' ' + socket.gethostname() + ' '
                            + json.load(open('/run/holdfast/identity.json'))['randomSeed']).encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.end_headers(); self.wfile.write(body)
                do_POST = do_GET
                def log_message(self, *args): pass
            http.server.HTTPServer(('0.0.0.0', 8080), H).serve_forever()
            """;

    @TempDir
    Path area;

    private HostRoot root = new HostRoot(Path.of("/"));

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private LinuxContainerRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        ContainerTools.require();
        HostTool.require("python3.11");
        root = HostRoot.create(area.resolve("root")).with("service.py", SERVICE);
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(state()));
    }

    @AfterEach
    void erase() {
        if (runtime != null) {
            runtime.erase();
        }
    }

    @Test
    void clonesGoOnFromOneStateWithIdentitiesOfTheirOwn() throws Exception {
        Container original = runtime.start(service("a"));
        assertEquals("1 a", answer(original).substring(0, 3));
        CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
        assertEquals("2 a", answer(original).substring(0, 3));
        Set<String> seeds = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Container>> clones = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                ContainerSpec spec = service("c" + number);
                clones.add(threads.submit(() -> runtime.restore(RestoreRequest.of(spec, image))));
            }
            for (Future<Container> clone : clones) {
                String[] words = answer(clone.get()).split(" ", -1);
                assertEquals("2", words[0], "it goes on from the count at the checkpoint");
                assertEquals(clone.get().id().value(), words[1]);
                seeds.add(words[2]);
            }
        }
        assertEquals(8, seeds.size());
        assertEquals("3 a", answer(original).substring(0, 3));
    }

    @Test
    void frozenCopyAnswersOnceThawedAndRunsCommandsAsTheOriginalDoes() throws Exception {
        Container original = runtime.start(service("a"));
        answer(original);
        String seen = seenByACommand(original);
        assertFalse(seen.contains("other"), seen);
        assertEquals(2 * 5, seen.split(":\t0000000000000000\n", -1).length - 1, seen);
        assertTrue(seen.contains("NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n"), seen);
        CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
        Container copy = runtime.restore(RestoreRequest.of(service("b"), image).frozen());
        assertEquals(Kind.WRONG_STATE, assertThrows(ContainerException.class, () ->
                copy.exec(List.of("/bin/true"), SOON)).kind());
        copy.thaw();
        assertEquals("2 b", answer(copy).substring(0, 3));
        assertEquals(seen, seenByACommand(copy));
        // As of a node that was killed while it introduced the container to runc.
        Files.delete(state().resolve("runc/b/state.json"));
        Files.createDirectories(state().resolve("runc/b.shadow"));
        assertEquals(seen, seenByACommand(copy));
        assertEquals("3 b", answer(copy).substring(0, 3));
    }

    /// Its own rights and place beside those of the first process; silent about namespaces, root and cgroups
    /// as long as they are the same.
    private static String seenByACommand(Container container) throws IOException {
        return container.exec(List.of("/bin/sh", "-c", """
                id; pwd; ulimit -n; env | grep -v ^HOSTNAME | sort
                for process in 1 self; do
                    grep -E '^(Cap|NoNewPrivs|Seccomp)' /proc/$process/status
                done
                same() { test -n "$1" && test "$1" = "$2" || echo other $3; }
                for name in mnt pid ipc uts net cgroup user; do
                    same "$(readlink /proc/self/ns/$name)" "$(readlink /proc/1/ns/$name)" $name
                done
                same "$(stat -Lc %d:%i /proc/self/root/)" "$(stat -Lc %d:%i /proc/1/root/)" root
                same "$(cat /proc/self/cgroup)" "$(cat /proc/1/cgroup)" cgroups
                """), SOON).orThrow().output();
    }

    @Test
    void aCommandThatRunsInItKeepsItNeitherFromStandingStillNorFromItsEnd() throws Exception {
        Container container = runtime.start(service("a"));
        answer(container);
        int before = container.usage().processCount();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ProcessOutcome> command =
                    threads.submit(() -> container.exec(List.of("/bin/sleep", "60"), Duration.ofSeconds(60)));
            Await.until("it runs", () -> container.usage().processCount() > before);
            container.freeze();
            assertFalse(command.isDone());
            assertEquals(ContainerState.FROZEN, container.state());
            container.thaw();
            container.stop(Duration.ZERO);
            assertFalse(command.get().isSuccess());
        }
    }

    @Test
    void obstacleIsNamedWithProcessDescriptorAndRemedyAndNothingIsHarmed() throws Exception {
        Container container = runtime.start(service("a"));
        answer(container);
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(container.address(), PORT));
            Await.until("the connection is accepted", () ->
                    !container.preflight(CheckpointOptions.DEFAULT).isEmpty());
            Obstacle obstacle = container.preflight(CheckpointOptions.DEFAULT).getFirst();
            assertTrue(obstacle.explained().contains("python3.11"), obstacle.explained());
            assertTrue(obstacle.descriptor() > 2, obstacle.explained());
            assertTrue(obstacle.what().contains("leads outside"), obstacle.explained());
            assertEquals(Kind.OBSTACLES, assertThrows(ContainerException.class, () ->
                    container.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT)).kind());
        }
        assertTrue(Files.notExists(area.resolve("image")));
        assertEquals("2 a", answer(container).substring(0, 3));
    }

    @Test
    void nextNodeFindsContainersAndRemovesWhatWasBegun() throws Exception {
        Container first = runtime.start(service("a"));
        answer(first);
        runtime.start(service("b"));
        ContainerRecord begun =
                ContainerRecord.read(ContainerFolder.of(state(), new ContainerId("b")).record());
        // As a node leaves it that is killed while it starts one.
        ContainerRecord.begun(begun.spec(), begun.origin(), List.of())
                .withNetwork(begun.network())
                .write(ContainerFolder.of(state(), new ContainerId("b")).record());
        runtime.close();

        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(state()));
        assertEquals(List.of("a"), runtime.containers().stream().map(found -> found.id().value()).toList());
        Container found = runtime.find(new ContainerId("a")).orElseThrow();
        assertEquals(ContainerState.RUNNING, found.state());
        assertEquals("2 a", answer(found).substring(0, 3));
        assertEquals(Set.of(), leftovers("/b"));
    }

    @Test
    void killedToolsLeaveNothingAndHarmNobody() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        Container original = runtime.start(service("a"));
        answer(original);
        CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
        Set<String> before = new HostLeftovers(state()).list();
        int interrupted = 0;
        for (int round = 0; round < 12; round++) {
            interrupted += restoreWhileKilling(image, round, random.nextInt(60)) ? 1 : 0;
            runtime.remove(new ContainerId("r" + round));
            assertEquals(before, new HostLeftovers(state()).list(),
                    "after round " + round + ", seed=" + seed);
        }
        System.out.println("rounds=12 interrupted=" + interrupted);
        assertEquals("2 a", answer(original).substring(0, 3));
    }

    private boolean restoreWhileKilling(CheckpointImage image, int round, int millis)
            throws InterruptedException {
        ToolKiller killer = ToolKiller.start(millis);
        try {
            runtime.restore(RestoreRequest.of(service("r" + round), image)
                    .withWay(round % 2 == 0 ? RestoreRequest.Way.FAST : RestoreRequest.Way.CAREFUL));
            return false;
        } catch (ContainerException expected) {
            return true;
        } finally {
            killer.end();
        }
    }

    private Set<String> leftovers(String part) throws IOException {
        Set<String> found = new HostLeftovers(state()).list();
        found.removeIf(line -> !line.endsWith(part) && !line.contains(part + "/"));
        return found;
    }

    private Path state() {
        return area.resolve("state");
    }

    private ContainerSpec service(String name) {
        return root.spec(new ContainerId(name), "/usr/bin/python3.11", "/app/service.py");
    }

    /// What it answers, as soon as it does.
    private static String answer(Container container) throws IOException {
        List<String> answers = new ArrayList<>();
        Await.until("an answer of " + container.id(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(container.address(), PORT), 1_000);
                // A request that was given up would be counted all the same.
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                answers.add(text.substring(text.indexOf("\r\n\r\n") + 4));
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return answers.getFirst();
    }
}
