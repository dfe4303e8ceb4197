package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Memory that comes while the program runs: all of it, or the program ends.
@Tag("host")
class GradualRestoreHostTest {
    private static final int PORT = 8080;

    /// Holds memory that nobody can guess, and tells a little of it, its hash, or that of a child.
    private static final String PROGRAM =
            """
            import hashlib, http.server, os
            held = bytearray(MEBIBYTES << 20)
            for at in range(0, len(held), 1 << 20): held[at:at + (1 << 20)] = os.urandom(1 << 20)
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    if self.path == '/little': body = held[-16:].hex()
                    elif self.path == '/child':
                        r, w = os.pipe()
                        if os.fork() == 0:
                            os.write(w, hashlib.sha256(held).hexdigest().encode()); os._exit(0)
                        os.close(w); body = os.read(r, 99).decode(); os.close(r); os.wait()
                    else: body = hashlib.sha256(held).hexdigest()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.end_headers(); self.wfile.write(body.encode())
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
        root = HostRoot.create(area.resolve("root")).with("program.py", PROGRAM.replace("MEBIBYTES", "64"))
                .with("large.py", PROGRAM.replace("MEBIBYTES", "192"));
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
    }

    @AfterEach
    void erase() {
        if (runtime != null) {
            runtime.erase();
        }
    }

    @Test
    void whatComesLaterIsWhatWasSavedAndWhatWasTouchedComesFirstTheNextTime() throws Exception {
        Container original = runtime.start(program("a", "program.py"));
        String little = ask(original, "/little");
        String all = ask(original, "/all");
        CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
        WorkingSets sets = runtime.workingSets();
        assertTrue(sets.of(image.manifestDigest()).isEmpty());

        Container whole = runtime.restore(RestoreRequest.of(program("w", "program.py"), image));
        assertFalse(Files.exists(Filling.mark(folder(whole))), "the first has all before it goes on");
        assertEquals(all, ask(whole, "/all"));
        Container first = runtime.restore(RestoreRequest.of(program("b", "program.py"), image));
        assertEquals(little, ask(first, "/little"));
        assertEquals(all, ask(first, "/child"), "a child has what its parent has");
        assertEquals(all, ask(first, "/all"));
        Await.until("it is known what was touched", () -> !sets.of(image.manifestDigest()).isEmpty());
        assertTrue(sets.isOfUse(), "this host fills in memory later");
        assertFalse(Files.exists(Filling.mark(folder(first))));

        Container second = runtime.restore(RestoreRequest.of(program("c", "program.py"), image));
        CheckpointImage later = second.checkpoint(area.resolve("later"), CheckpointOptions.DEFAULT);
        assertEquals(all, ask(second, "/all"));
        Container third = runtime.restore(RestoreRequest.of(program("d", "program.py"), later));
        assertEquals(all, ask(third, "/all"), "what is saved at once is whole");
        assertEquals(little, ask(third, "/little"));
    }

    @Test
    void aProgramWhoseMemoryDoesNotComeWholeIsEnded() throws Exception {
        Container original = runtime.start(program("a", "large.py"));
        String little = ask(original, "/little");
        CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
        runtime.remove(runtime.restore(RestoreRequest.of(program("w", "large.py"), image)).id());
        boolean isInterrupted = false;
        for (int number = 0; number < 10 && !isInterrupted; number++) {
            Container copy = runtime.restore(RestoreRequest.of(program("c" + number, "large.py"), image));
            Optional<DetachedProcess> daemon = DetachedProcess.readPidFile(Filling.mark(folder(copy)));
            if (daemon.isPresent()) {
                boolean _ = daemon.get().kill();
            }
            // Whether it was through before is for chance to say.
            isInterrupted = copy.awaitExit(Duration.ofSeconds(2)).isPresent();
            if (!isInterrupted) {
                assertEquals(little, ask(copy, "/little"));
            }
            runtime.remove(copy.id());
        }
        assertTrue(isInterrupted, "each time all memory was there before the daemon was killed");
    }

    @Test
    void theNextNodeEndsAProgramWhoseMemoryHadNotComeWhole() throws Exception {
        Container original = runtime.start(program("a", "program.py"));
        ask(original, "/little");
        CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
        runtime.remove(runtime.restore(RestoreRequest.of(program("w", "program.py"), image)).id());
        Container half = runtime.restore(RestoreRequest.of(program("b", "program.py"), image));
        Container whole = runtime.restore(RestoreRequest.of(program("c", "program.py"), image));
        Await.until("all is there", () -> !Files.exists(Filling.mark(folder(half)))
                && !Files.exists(Filling.mark(folder(whole))));
        runtime.close();
        Files.writeString(Filling.mark(folder(half)), "1 1 of-another-boot\n");
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
        assertTrue(runtime.find(half.id()).orElseThrow().awaitExit(Duration.ofSeconds(10)).isPresent());
        assertTrue(runtime.find(whole.id()).orElseThrow().exit().isEmpty());
        assertFalse(Files.exists(Filling.mark(folder(half))));
    }

    private ContainerFolder folder(Container container) {
        return ContainerFolder.of(area.resolve("state"), container.id());
    }

    private ContainerSpec program(String name, String file) {
        return root.spec(new ContainerId(name), "/usr/bin/python3.11", "/app/" + file);
    }

    private static String ask(Container container, String path) {
        AtomicReference<String> answer = new AtomicReference<>("");
        Await.until("an answer of " + container.id(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(container.address(), PORT), 1_000);
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(
                        ("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                answer.set(text.substring(text.indexOf("\r\n\r\n") + 4));
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return answer.get();
    }
}
