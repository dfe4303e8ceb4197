package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerMemory;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.hostio.testing.SamepageMerging;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of one checkpoint whose equal memory the kernel keeps once, and whose is kept apart.
@Tag("host")
class MemorySharingHostTest {
    private static final int PORT = 8080;
    private static final int COPIES = 5;
    private static final long MEBIBYTE = 1 << 20;

    /// Holds 32 MiB that nobody else has, tells their hash, and overwrites all of it when asked to; tries,
    /// once, to have memory of its own shared.
    private static final String PROGRAM =
            """
            import ctypes, hashlib, http.server, mmap, os
            held = bytearray(os.urandom(32 << 20))
            own = mmap.mmap(-1, 1 << 20)
            try: own.madvise(12); marked = 'marked'
            except OSError: marked = 'refused'
            high = ctypes.CDLL(None).prctl(ctypes.c_ulong(67 | 1 << 40), 1, 0, 0, 0)
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    if self.path == '/write': held[:] = bytes(b ^ 1 for b in held[:4096]) * 8192
                    body = f'{marked} {high} {hashlib.sha256(held).hexdigest()}'.encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.end_headers(); self.wfile.write(body)
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
        root = HostRoot.create(area.resolve("root")).with("program.py", PROGRAM);
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
    }

    @AfterEach
    void erase() {
        if (runtime != null) {
            runtime.erase();
        }
    }

    @Test
    void frozenCopiesOfOneCircleCostLittleMoreThanOne() throws Exception {
        try (SamepageMerging _ = SamepageMerging.hurry()) {
            Container original = runtime.start(program("a"));
            String told = ask(original, "/");
            assertTrue(told.startsWith("refused -1 "), "a program shares nothing by itself: " + told);
            CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
            List<Container> copies = new ArrayList<>();
            for (int number = 0; number < COPIES; number++) {
                copies.add(copy("c" + number, image, Optional.of("tenant")));
            }
            Container stranger = copy("s", image, Optional.of("another"));
            Container alone = copy("t", image, Optional.empty());
            Await.until("most of it is kept once", () -> cost(copies) < 0.4 * resident(copies));
            System.out.println("copies=" + COPIES + " cost=" + (cost(copies) / MEBIBYTE) + " resident="
                    + (resident(copies) / MEBIBYTE) + " MiB");
            for (Container other : List.of(original, stranger, alone)) {
                assertEquals(0, other.memory().mergedBytes(), other.id() + " is kept apart");
                assertFalse(isMarked(other), other.id() + " is not marked");
            }
            assertTrue(isMarked(copies.getFirst()));

            copies.forEach(Container::thaw);
            stranger.thaw();
            String written = ask(copies.getFirst(), "/write");
            assertFalse(written.equals(told), written);
            for (Container other : copies.subList(1, COPIES)) {
                assertEquals(told, ask(other, "/"), "what one writes nobody else sees");
            }
            assertEquals(told, ask(stranger, "/"));

            CheckpointImage later =
                    copies.getLast().checkpoint(area.resolve("later"), CheckpointOptions.DEFAULT);
            Container free = copy("u", later, Optional.empty());
            assertFalse(isMarked(free), "a checkpoint keeps no marks");
            free.thaw();
            assertEquals(told, ask(free, "/"), "and all of the memory that was merged");
        }
    }

    @Test
    void anotherCircleHasItsTurnWhenTheFormerIsGoneAndTheNextNodeKnowsWhoseItIs() throws Exception {
        Container original = runtime.start(program("a"));
        ask(original, "/");
        CheckpointImage image = original.checkpoint(area.resolve("image"), CheckpointOptions.DEFAULT);
        Container first = copy("b", image, Optional.of("one"));
        assertEquals(HostProbe.canMerge(), isMarked(first));
        runtime.close();
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
        assertFalse(isMarked(copy("c", image, Optional.of("two"))));
        runtime.remove(first.id());
        assertEquals(HostProbe.canMerge(), isMarked(copy("d", image, Optional.of("two"))));
        assertFalse(isMarked(copy("e", image, Optional.of("one"))));
    }

    private Container copy(String name, CheckpointImage image, Optional<String> circle) {
        return runtime.restore(RestoreRequest.of(program(name), image).frozen().sharing(circle));
    }

    private static long cost(List<Container> containers) {
        return sum(containers).proportionalBytes();
    }

    private static long resident(List<Container> containers) {
        return sum(containers).residentBytes();
    }

    private static ContainerMemory sum(List<Container> containers) {
        return containers.stream().map(Container::memory).reduce(ContainerMemory.NONE, ContainerMemory::plus);
    }

    private static boolean isMarked(Container container) throws IOException {
        Path mappings = Path.of("/proc/" + ((LinuxContainer) container).pid() + "/smaps");
        return Files.readAllLines(mappings, StandardCharsets.ISO_8859_1).stream()
                .anyMatch(line -> line.startsWith("VmFlags:") && (line + " ").contains(" mg "));
    }

    private ContainerSpec program(String name) {
        return root.spec(new ContainerId(name), "/usr/bin/python3.11", "/app/program.py");
    }

    private static String ask(Container container, String path) throws IOException {
        List<String> answers = new ArrayList<>();
        Await.until("an answer of " + container.id(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(container.address(), PORT), 1_000);
                // A request that was given up would have its effect all the same.
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(
                        ("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
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
