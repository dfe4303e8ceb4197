package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.HostLeftovers;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What checkpoints promise, many times over: nothing of what goes on inside is lost or doubled, and no image
/// that was tampered with ever runs. A few rounds each; as many as one likes with
/// `-Dholdfast.checkpoints=200` and `-Dholdfast.forgeries=1000`.
@Tag("host")
class CheckpointBarsHostTest {
    private static final int PORT = 8080;
    private static final int BLOCK_BYTES = 65_536;
    private static final int RANDOM_MILLIS_MAX = 120;

    /// Three processes: one writes numbered blocks into a pipe, one answers numbers over TCP, and the first
    /// hashes what comes out of the pipe, and tells how far all is. Any gap ends it.
    private static final String PIPELINE =
            """
            import hashlib, http.server, json, os, socket, struct, threading, time
            r, w = os.pipe()
            if os.fork() == 0:
                n = 0
                while True:
                    block = struct.pack('>I', n & 0xffffffff) * 16384
                    while block:
                        block = block[os.write(w, block):]
                    n += 1
                    time.sleep(0.002)
            l = socket.socket(); l.bind(('127.0.0.1', 9000)); l.listen()
            if os.fork() == 0:
                c = socket.create_connection(('127.0.0.1', 9000)); expected = 0
                f = c.makefile('rwb')
                while True:
                    got, = struct.unpack('>Q', f.read(8))
                    if got != expected: os._exit(3)
                    expected += 1
                    f.write(struct.pack('>Q', got)); f.flush()
            peer, _ = l.accept()
            state = {'blocks': 0, 'hash': '', 'answered': 0}
            def pipeline():
                digest = hashlib.sha256(); n = 0
                with os.fdopen(r, 'rb', 65536) as stream:
                    while True:
                        digest.update(stream.read(65536)); n += 1
                        state['at'] = (n, digest.hexdigest())
            def talk():
                f = peer.makefile('rwb'); n = 0
                while True:
                    f.write(struct.pack('>Q', n)); f.flush()
                    back, = struct.unpack('>Q', f.read(8))
                    if back != n: os._exit(4)
                    n += 1; state['answered'] = n
                    time.sleep(0.001)
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    n, h = state.get('at', (0, ''))
                    body = f'{n} {h} {state["answered"]}'.encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body)))
                    self.end_headers(); self.wfile.write(body)
                def log_message(self, *args): pass
            for each in (pipeline, talk): threading.Thread(target=each, daemon=True).start()
            http.server.HTTPServer(('0.0.0.0', 8080), H).serve_forever()
            """;

    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    Path area;

    private HostRoot root = new HostRoot(Path.of("/"));

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private LinuxContainerRuntime runtime;

    /// How far the program says that it is.
    private record Progress(long blocks, String hash, long answered) {}

    @BeforeEach
    void open() throws IOException {
        ContainerTools.require();
        HostTool.require("python3.11");
        System.out.println("seed=" + seed);
        root = HostRoot.create(area.resolve("root")).with("pipeline.py", PIPELINE);
        runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
    }

    @AfterEach
    void erase() {
        if (runtime != null) {
            runtime.erase();
        }
    }

    @Test
    void outputAndConnectionsAreWholeThroughCheckpointsAtAnyMoment() throws Exception {
        int rounds = Integer.getInteger("holdfast.checkpoints", 8);
        Container current = runtime.start(program("p"));
        Expected expected = new Expected();
        Progress last = progress(current);
        for (int round = 0; round < rounds; round++) {
            pause();
            boolean goesOn = round % 3 == 0;
            Path folder = area.resolve("image-" + round);
            CheckpointImage image = current.checkpoint(folder, goesOn
                    ? CheckpointOptions.DEFAULT
                    : CheckpointOptions.DEFAULT.withAfter(CheckpointOptions.After.END));
            if (!goesOn) {
                runtime.remove(current.id());
                current = runtime.restore(RestoreRequest.of(program("p" + round), image)
                        .withWay(round % 2 == 0
                                ? RestoreRequest.Way.CAREFUL
                                : RestoreRequest.Way.FAST));
            }
            erase(folder);
            Progress now = progress(current);
            String where = "round=" + round + " seed=" + seed;
            assertEquals(expected.hashAfter(now.blocks()), now.hash(), where);
            assertTrue(now.blocks() >= last.blocks() && now.answered() >= last.answered(), where);
            last = now;
        }
        Progress before = last;
        Container end = current;
        Await.until("it still goes on", () -> isBeyond(end, before));
        System.out.println("checkpoints=" + rounds + " blocks=" + last.blocks() + " answered="
                + last.answered());
    }

    private static boolean isBeyond(Container container, Progress before) {
        try {
            Progress now = progress(container);
            return now.blocks() > before.blocks() && now.answered() > before.answered();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Test
    void imagesThatWereTamperedWithNeverRun() throws Exception {
        int rounds = Integer.getInteger("holdfast.forgeries", 60);
        Container original = runtime.start(program("p"));
        progress(original);
        CheckpointImage image = original.checkpoint(area.resolve("image"),
                CheckpointOptions.DEFAULT.withAfter(CheckpointOptions.After.END));
        runtime.remove(original.id());
        Set<String> before = new HostLeftovers(area.resolve("state")).list();
        ImageForger forger = new ImageForger(image.folder(), random);
        for (int round = 0; round < rounds; round++) {
            Path forged = area.resolve("forged");
            String how = forger.forge(forged);
            String where = how + " round=" + round + " seed=" + seed;
            RestoreRequest request = new RestoreRequest(
                    program("f" + round), forged, image.manifestDigest(), RestoreRequest.Way.FAST, false,
                    java.time.Duration.ofSeconds(30));
            ContainerException refused =
                    assertThrows(ContainerException.class, () -> runtime.restore(request), where);
            assertEquals(Kind.IMAGE_CORRUPT, refused.kind(), where + " said=" + refused.getMessage());
            assertEquals(List.of(), runtime.containers(), where);
            erase(forged);
        }
        assertEquals(before, new HostLeftovers(area.resolve("state")).list());
        Container whole = runtime.restore(RestoreRequest.of(program("w"), image));
        Progress now = progress(whole);
        assertEquals(new Expected().hashAfter(now.blocks()), now.hash(), "the image itself is whole");
        System.out.println("forgeries=" + rounds);
    }

    /// What the hash has to be, computed on.
    private static final class Expected {
        private final MessageDigest digest;
        private long blocks;

        Expected() throws java.security.NoSuchAlgorithmException {
            digest = MessageDigest.getInstance("SHA-256");
        }

        String hashAfter(long count) throws CloneNotSupportedException {
            byte[] block = new byte[BLOCK_BYTES];
            while (blocks < count) {
                for (int i = 0; i < BLOCK_BYTES; i += Integer.BYTES) {
                    java.nio.ByteBuffer.wrap(block).putInt(i, (int) blocks);
                }
                digest.update(block);
                blocks++;
            }
            MessageDigest now = (MessageDigest) digest.clone();
            return HexFormat.of().formatHex(now.digest());
        }
    }

    private void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(RANDOM_MILLIS_MAX)));
    }

    private ContainerSpec program(String name) {
        return root.spec(new ContainerId(name), "/usr/bin/python3.11", "/app/pipeline.py");
    }

    private static void erase(Path folder) throws IOException {
        new io.holdfast.hostio.mount.OwnedFolder(folder).delete();
    }

    /// Asked until it answers that it has begun; the connection is closed by then.
    private static Progress progress(Container container) throws IOException {
        List<Progress> answers = new ArrayList<>();
        Await.until("an answer of " + container.id(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(container.address(), PORT), 1_000);
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                String[] words = text.substring(text.indexOf("\r\n\r\n") + 4).split(" ", -1);
                answers.add(new Progress(Long.parseLong(words[0]), words[1], Long.parseLong(words[2])));
                return answers.getLast().blocks() > 0;
            } catch (IOException notYet) {
                if (container.exit().isPresent()) {
                    throw new AssertionError("it ended: " + container.exit().get().explained() + " wrote="
                            + Arrays.toString(container.log().read(0, 2_000).bytes()), notYet);
                }
                return false;
            }
        });
        return answers.getLast();
    }
}
