package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.Criu;
import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.container.RestoreRequest.Way;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.InheritingProcess;
import io.holdfast.hostio.runc.MountPlan;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Time from a request to its first answer: cold, restored in both ways, thawed, and by CRIU's own command
/// line on the same image. Run it alone on the machine, as root: `RestoreBenchmark FOLDER JAVA-HOME`.
final class RestoreBenchmark {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreBenchmark.class);
    private static final int PORT = 8080;
    private static final int COLD_COUNT = 3;
    private static final int WARM_COUNT = 9;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final String PYTHON =
            """
            import http.server, json, ssl, decimal, email, asyncio
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200); self.send_header('Content-Length', '2'); self.end_headers()
                    self.wfile.write(b'ok')
                def log_message(self, *args): pass
            http.server.ThreadingHTTPServer(('0.0.0.0', 8080), H).serve_forever()
            """;

    private static final String JAVA =
            """
            public class Service {
                static byte[][] state = new byte[48][];
                public static void main(String[] words) throws Exception {
                    var random = new java.util.Random(1);
                    for (int i = 0; i < state.length; i++) random.nextBytes(state[i] = new byte[1 << 20]);
                    var server = com.sun.net.httpserver.HttpServer.create(
                            new java.net.InetSocketAddress(8080), 0);
                    server.createContext("/", exchange -> {
                        byte[] body = "ok".getBytes();
                        exchange.getResponseHeaders().set("Connection", "close");
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    private final Path folder;
    private final HostRoot root;
    private final LinuxContainerRuntime runtime;
    private final Host host;
    private int number;

    private RestoreBenchmark(Path folder) throws IOException {
        this.folder = folder;
        this.root = HostRoot.create(folder.resolve("root")).with("service.py", PYTHON)
                .with("Service.java", JAVA);
        this.runtime = LinuxContainerRuntime.open(RuntimeOptions.in(folder.resolve("state")));
        this.host = runtime.host();
    }

    public static void main(String[] words) throws Exception {
        RestoreBenchmark benchmark = new RestoreBenchmark(Path.of(words[0]));
        try {
            HostTool.output(words[1] + "/bin/javac",
                    benchmark.root.folder().resolve("app/Service.java").toString());
            benchmark.measure("python", "/usr/bin/python3.11", "/app/service.py");
            benchmark.measure(
                    "java", words[1] + "/bin/java", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx256m",
                    "-cp", "/app", "Service");
        } finally {
            benchmark.runtime.erase();
        }
    }

    private void measure(String name, String... command) throws Exception {
        List<Double> cold = new ArrayList<>();
        for (int round = 0; round < COLD_COUNT; round++) {
            runtime.prepare(spec(command).root(), 1);
            ContainerSpec spec = spec(command);
            long begun = System.nanoTime();
            Container container = runtime.start(spec);
            cold.add(millisToAnswer(begun, container.address()));
            if (round < COLD_COUNT - 1) {
                runtime.remove(spec.id());
            }
        }
        Container original = runtime.containers().getLast();
        CheckpointImage image = original.checkpoint(folder.resolve(name), CheckpointOptions.DEFAULT);
        runtime.remove(original.id());
        double coldMillis = median(cold);
        report(name, "cold", coldMillis, coldMillis, "image " + (image.totalBytes() >> 20) + " MiB, frozen "
                + image.statistics().frozenMillis() + " ms");
        report(name, "by hand (criu restore)", median(byHand(image, command)), coldMillis, "");
        for (Way way : Way.values()) {
            report(name, "restore " + way, median(restores(way, image, command)), coldMillis, "");
        }
        report(name, "thaw of a frozen copy", median(thaws(image, command)), coldMillis, "");
    }

    private List<Double> restores(Way way, CheckpointImage image, String... command) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < WARM_COUNT; round++) {
            ContainerSpec spec = spec(command);
            runtime.prepare(spec.root(), 1);
            long begun = System.nanoTime();
            Container container = runtime.restore(RestoreRequest.of(spec, image).withWay(way));
            millis.add(millisToAnswer(begun, container.address()));
            runtime.remove(spec.id());
        }
        return millis;
    }

    private List<Double> thaws(CheckpointImage image, String... command) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < WARM_COUNT; round++) {
            ContainerSpec spec = spec(command);
            Container container = runtime.restore(RestoreRequest.of(spec, image).frozen());
            long begun = System.nanoTime();
            container.thaw();
            millis.add(millisToAnswer(begun, container.address()));
            runtime.remove(spec.id());
        }
        return millis;
    }

    /// All prepared beforehand; only CRIU's command is timed.
    private List<Double> byHand(CheckpointImage image, String... command) throws Exception {
        ImageManifest manifest = host.images().open(image.folder()).manifest();
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < WARM_COUNT; round++) {
            ContainerSpec spec = spec(command);
            Resources resources = new Resources(host, spec);
            ContainerNetwork network = host.networks().take();
            resources.mount(new LayerStore(host.layers()).unpack(image.folder(), manifest));
            resources.furnish(network, 1);
            ContainerFolder place = host.folder(spec.id());
            try (Descriptor.Pair pipe = LogPump.openPipe();
                    Descriptor ended = LogPump.openEnded();
                    Descriptor namespace = Descriptor.openReadOnly(network.namespaceFile())) {
                List<String> line = new ArrayList<>(List.of(
                        host.criu().folder().resolve("criu").toString(), "restore", "-D",
                        image.folder().resolve("criu").toString(), "-W", place.tool().toString(), "-o", "log",
                                "-v1",
                        "--root", place.root().toString(), "--restore-detached", "--manage-cgroups=ignore",
                        "--pidfile", place.tool().resolve("pid").toString(), "--tcp-established",
                                "--file-locks",
                        "--inherit-fd", "fd[3]:" + Criu.NETWORK_KEY,
                        "--inherit-fd", "fd[4]:" + LogPump.nameOf(manifest.origin().logPipe())));
                for (MountPlan.Planned planned : resources.plan().mounts()) {
                    if (planned.isExternal()) {
                        line.addAll(List.of(
                                "--external", "mnt[" + planned.destination() + "]:" + planned.source()));
                    }
                }
                long begun = System.nanoTime();
                try (InheritingProcess criu = InheritingProcess.start(
                        line, Map.of(0, ended, 1, ended, 2, ended, 3, namespace, 4, pipe.second()))) {
                    criu.await(DEADLINE);
                    millis.add(millisToAnswer(begun, network.inetAddress()));
                }
                long pid = Long.parseLong(Files.readString(place.tool().resolve("pid")).strip());
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(20_000_000);
            resources.release(network.number());
            resources.forget();
        }
        return millis;
    }

    private ContainerSpec spec(String... command) {
        return root.spec(new ContainerId("bench-" + number++), command);
    }

    private static double millisToAnswer(long begun, InetAddress address) {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, PORT), 1_000);
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] answer = socket.getInputStream().readAllBytes();
                if (new String(answer, StandardCharsets.US_ASCII).contains(" 200 ")) {
                    return (System.nanoTime() - begun) / 1e6;
                }
            } catch (IOException notYet) {
                LockSupport.parkNanos(300_000);
            }
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void report(String name, String what, double millis, double cold, String remark) {
        String line = String.format(
                Locale.ROOT, "%-7s %-24s %8.1f ms  cold/x %5.1f  %s", name, what, millis, cold / millis,
                        remark);
        LOG.info("{}", line);
    }
}
