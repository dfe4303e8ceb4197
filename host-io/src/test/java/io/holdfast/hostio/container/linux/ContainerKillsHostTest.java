package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.process.InheritingProcess;
import io.holdfast.hostio.process.ProcessExit;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// CRIU, runc and the node itself, killed with -9 at random moments of dumps and restores: nothing of the
/// attempt is left, nobody else is harmed, and nothing outside is touched. A few kills; as many as one likes
/// with `-Dholdfast.container.kills=500`.
@Tag("host")
@Isolated("it kills whatever tool this process started")
class ContainerKillsHostTest {
    private static final int PORT = 8080;

    /// Of so many kills one is of the node.
    private static final int NODE_EVERY = 5;

    private static final int RESTORE_MILLIS = 120;
    private static final int DUMP_MILLIS = 90;
    private static final int NODE_MILLIS = 700;
    private static final Duration NODE_ENDS_WITHIN = Duration.ofSeconds(30);

    /// Has a child and a pipe to it, and memory that takes a moment to save.
    private static final String PROGRAM =
            """
            import http.server, os
            held = bytearray(os.urandom(24 << 20))
            r, w = os.pipe()
            if os.fork() == 0:
                while True: os.read(r, 1)
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    os.write(w, b'x')
                    body = held[:8].hex().encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.end_headers(); self.wfile.write(body)
                def log_message(self, *args): pass
            http.server.HTTPServer(('0.0.0.0', 8080), H).serve_forever()
            """;

    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Integer> counts = new TreeMap<>();

    @TempDir
    Path area;

    private HostRoot root = new HostRoot(Path.of("/"));

    @SuppressWarnings("NullAway.Init") // Opened before each test, and after each kill of a node.
    private LinuxContainerRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        ContainerTools.require();
        HostTool.require("python3.11");
        System.out.println("seed=" + seed);
        root = HostRoot.create(area.resolve("root")).with("program.py", PROGRAM);
        Files.createDirectories(area.resolve("outside/deeper"));
        Files.writeString(area.resolve("outside/deeper/file"), "outside");
        Files.createDirectories(area.resolve("images"));
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(state()));
    }

    @AfterEach
    void erase() {
        if (runtime != null) {
            runtime.erase();
        }
    }

    @Test
    void killsLeaveNothingAndHarmNobody() throws Exception {
        int kills = Integer.getInteger("holdfast.container.kills", 15);
        Container bystander = runtime.start(program("bystander"));
        String told = ask(bystander);
        Path image = bystander.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT).folder();
        Set<String> before = new HostLeftovers(state()).list();
        Map<String, String> outside = outside();
        for (int round = 0; round < kills; round++) {
            String where = "round=" + round + " seed=" + seed;
            if (round % NODE_EVERY == NODE_EVERY - 1) {
                killNode(image, round);
            } else if (random.nextBoolean()) {
                killWhileRestoring(image, round, told);
            } else {
                killWhileSaving(image, round, told);
            }
            removeAllBut("bystander");
            assertEquals(before, settled(before), where);
            assertEquals(outside, outside(), where);
            Container same = runtime.find(new ContainerId("bystander")).orElseThrow();
            assertEquals(told, ask(same), where);
        }
        runtime.erase();
        assertEquals(Set.of(), new HostLeftovers(state()).list(), "seed=" + seed);
        assertEquals(Set.of(), new HostLeftovers(state()).networks(), "seed=" + seed);
        System.out.println("kills=" + kills + " " + counts);
    }

    private void killWhileRestoring(Path image, int round, String told) throws Exception {
        ContainerId id = new ContainerId("r" + round);
        CheckpointImage known = runtime.inspect(image);
        RestoreRequest request = RestoreRequest.of(program(id.value()), known)
                .withWay(random.nextBoolean() ? RestoreRequest.Way.FAST : RestoreRequest.Way.CAREFUL);
        ToolKiller killer = ToolKiller.start(random.nextInt(RESTORE_MILLIS));
        try {
            Container restored = runtime.restore(random.nextBoolean() ? request : request.frozen());
            killer.end();
            if (restored.exit().isEmpty()) {
                restored.thaw();
            }
            if (isAnswering(restored, told)) {
                count("restored before the kill");
            } else {
                // What was seen as a part of CRIU was the container's process when the kill came.
                Optional<ProcessExit> how = restored.exit().orElseThrow().how();
                assertEquals(Optional.of(new ProcessExit.Signal(9)), how);
                count("killed itself as it went on");
            }
        } catch (ContainerException interrupted) {
            assertEquals(ContainerException.Kind.FAILED, interrupted.kind(), interrupted.getMessage());
            assertTrue(runtime.find(id).isEmpty());
            count("restore interrupted");
        } finally {
            killer.end();
        }
    }

    /// What was being saved goes on, or has ended because a killed CRIU left its code in it.
    private void killWhileSaving(Path image, int round, String told) throws Exception {
        Container saved = runtime.restore(
                RestoreRequest.of(program("s" + round), runtime.inspect(image)));
        ToolKiller killer = ToolKiller.start(random.nextInt(DUMP_MILLIS));
        Path target = area.resolve("images/s" + round);
        try {
            CheckpointImage _ = saved.checkpoint(target, CheckpointOptions.DEFAULT);
            killer.end();
            assertEquals(told, ask(saved));
            new OwnedFolder(target).delete();
            count("saved before the kill");
        } catch (ContainerException interrupted) {
            killer.end();
            assertEquals(ContainerException.Kind.FAILED, interrupted.kind(), interrupted.getMessage());
            assertTrue(Files.notExists(target), "nothing is left of what was interrupted");
            if (saved.awaitExit(Duration.ZERO).isEmpty() && isAnswering(saved, told)) {
                count("saving interrupted, it goes on");
            } else {
                count("saving interrupted, it was ended");
            }
        } finally {
            killer.end();
        }
    }

    private static boolean isAnswering(Container container, String told) {
        List<String> answers = new ArrayList<>();
        Await.until("it answers or has ended: " + container.id(), () -> {
            tryAsk(container).ifPresent(answers::add);
            return !answers.isEmpty() || container.exit().isPresent();
        });
        answers.forEach(answer -> assertEquals(told, answer));
        return !answers.isEmpty();
    }

    private void killNode(Path image, int round) throws Exception {
        runtime.close();
        Path begun = area.resolve("begun-" + round);
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), RestlessNode.class.getName(),
                state().toString(), image.toString(), area.resolve("images").toString(), begun.toString(),
                Integer.toString(round));
        Path output = Files.createFile(area.resolve("node-" + round));
        try (Descriptor out = Descriptor.openReadWrite(output);
                InheritingProcess node =
                        InheritingProcess.start(command, Map.of(0, out, 1, out, 2, out))) {
            Await.until("the node has begun", () -> {
                assertTrue(ProcessHandle.of(node.pid()).isPresent(), () -> read(output));
                return Files.exists(begun);
            });
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(NODE_MILLIS)));
            ProcessHandle.of(node.pid()).orElseThrow(() -> new AssertionError(read(output)))
                    .destroyForcibly();
            assertTrue(node.hasEndedWithin(NODE_ENDS_WITHIN));
        }
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(state()));
        for (Container found : runtime.containers()) {
            boolean isFrozen = found.state() == ContainerState.FROZEN;
            count(found.exit().isPresent() ? "ended with the node" : isFrozen ? "stood still" : "went on");
        }
        count("node killed");
        new OwnedFolder(area.resolve("images")).delete();
        Files.createDirectories(area.resolve("images"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            return String.valueOf(failure);
        }
    }

    private void removeAllBut(String name) {
        for (Container container : runtime.containers()) {
            if (!container.id().value().equals(name)) {
                runtime.remove(container.id());
            }
        }
    }

    /// A process that was killed is listed until its parent has collected it.
    private Set<String> settled(Set<String> expected) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        Set<String> now = new HostLeftovers(state()).list();
        while (!now.equals(expected) && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(20_000_000);
            now = new HostLeftovers(state()).list();
        }
        return now;
    }

    private Map<String, String> outside() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(area.resolve("outside"))) {
            for (Path path : tree.toList()) {
                found.put(path.toString(), Files.isDirectory(path) ? "" : Files.readString(path));
            }
        }
        return found;
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private Path state() {
        return area.resolve("state");
    }

    private ContainerSpec program(String name) {
        ContainerSpec spec =
                root.spec(new ContainerId(name), "/usr/bin/python3.11", "/app/program.py");
        List<BindMount> mounts = new ArrayList<>(spec.mounts());
        mounts.add(new BindMount(area.resolve("outside"), "/outside", false));
        return spec.withMounts(mounts);
    }

    private static String ask(Container container) {
        List<String> answers = new ArrayList<>();
        Await.until("an answer of " + container.id(), () -> {
            tryAsk(container).ifPresent(answers::add);
            return !answers.isEmpty();
        });
        return answers.getFirst();
    }

    private static Optional<String> tryAsk(Container container) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(container.address(), PORT), 1_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int body = text.indexOf("\r\n\r\n");
            return body < 0 ? Optional.empty() : Optional.of(text.substring(body + 4));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }
}
