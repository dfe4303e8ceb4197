package io.holdfast.node.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.local.LocalNode;
import io.holdfast.node.cli.output.CliException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A volume of a running local cluster under fio's nbd client, turn by turn with nbdkit's file plugin under
/// the same client, so that what else the machine does hits both alike. With one node the volume has no
/// parity and the two are comparable; with three it is 2+1, and a lone durable write is set against what it
/// cannot do without: one sync of a file, one round trip to a network block device, one hop to a host.
///
/// Arguments: the cluster's directory, a folder for the peer's file, seconds per measurement, rounds; with
/// `kill` as the fifth, a node that does not serve the volume is killed under writes in the end.
public final class VolumeBenchmark {
    static final long BYTES = 1L << 30;
    static final FioLoad FILL = new FioLoad("fill", "--rw=write", "--bs=1M", "--iodepth=8");
    private static final FioLoad LONE_WRITE =
            new FioLoad("4k write + flush each", "--rw=randwrite", "--bs=4k", "--iodepth=1", "--fsync=1");
    private static final List<FioLoad> LOADS = List.of(
            new FioLoad("4k random read, depth 1", "--rw=randread", "--bs=4k", "--iodepth=1"),
            new FioLoad("4k random read, depth 16", "--rw=randread", "--bs=4k", "--iodepth=16"),
            new FioLoad("4k random read, depth 64", "--rw=randread", "--bs=4k", "--iodepth=64"),
            LONE_WRITE,
            new FioLoad("the same, 16 at once", "--rw=randwrite", "--bs=4k", "--iodepth=1", "--fsync=1",
                    "--numjobs=16"),
            new FioLoad("1M sequential write", "--rw=write", "--bs=1M", "--iodepth=4"),
            new FioLoad("1M sequential read", "--rw=read", "--bs=1M", "--iodepth=4"));

    private final LocalCluster cluster;
    private final Path folder;
    private final int seconds;
    private final int rounds;

    private VolumeBenchmark(LocalCluster cluster, Path folder, int seconds, int rounds) {
        this.cluster = cluster;
        this.folder = folder;
        this.seconds = seconds;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws Exception {
        VolumeBenchmark benchmark = new VolumeBenchmark(
                LocalCluster.open(Path.of(arguments[0])),
                Files.createDirectories(Path.of(arguments[1]).toAbsolutePath()),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
        benchmark.run(arguments.length > 4 && arguments[4].equals("kill"));
    }

    private void run(boolean isKilling) throws Exception {
        JsonNode export = exported(cluster, "benchmark", cluster.nodes().size() == 1 ? "1+0" : "2+1");
        String uri = export.path("unix").asText();
        print("nodes %d, load %.1f, %d rounds of %d s", cluster.nodes().size(), loadAverage(), rounds,
                seconds);
        FILL.onDevice(uri, BYTES, 0);
        try (Peer file = Peer.start(folder, "file", file().toString())) {
            for (FioLoad load : LOADS) {
                compare(load, uri, file.uri());
            }
        }
        if (cluster.nodes().size() > 1) {
            floor();
        }
        print("load %.1f", loadAverage());
        if (isKilling) {
            kill(uri, export.path("node").asText());
        }
    }

    /// Makes the volume if it is not there.
    static JsonNode exported(LocalCluster cluster, String name, String profile) throws CliException {
        try (ApiClient client = new ApiClient(cluster.access(), Duration.ofSeconds(60))) {
            if (!client.list(ApiRequest.get("/volumes"), 100).findValuesAsText("key").contains(name)) {
                client.call(ApiRequest.post("/volumes", JsonNodeFactory.instance.objectNode()
                        .put("name", name)
                        .put("sizeBytes", BYTES)
                        .put("profile", profile)
                        .put("spread", "node")
                        .put("degraded", false)));
            }
            return client.call(ApiRequest.get("/volumes/" + name + "/export"));
        }
    }

    private Path file() throws IOException, InterruptedException {
        Path file = folder.resolve("disk.raw");
        if (!Files.exists(file)) {
            FILL.run(List.of("--ioengine=psync", "--end_fsync=1", "--filename=" + file, "--size=" + BYTES),
                    0);
        }
        return file;
    }

    private void compare(FioLoad load, String uri, String peerUri) throws IOException, InterruptedException {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            FioLoad.Found peer = load.onDevice(peerUri, BYTES, seconds);
            long before = cpuNanos(cluster);
            FioLoad.Found own = load.onDevice(uri, BYTES, seconds);
            double cpuMicros = (cpuNanos(cluster) - before) / 1e3 / (own.perSecond() * seconds);
            ratios.add(own.perSecond() / peer.perSecond());
            print("%-25s own %s  cpu %5.0f us | nbdkit %8.0f/s  p50 %5.0f us | ratio %.2f", load.name(),
                    own.text(), cpuMicros, peer.perSecond(), peer.medianMicros(), ratios.getLast());
        }
    }

    /// What all nodes have used so far.
    static long cpuNanos(LocalCluster cluster) {
        return cluster.nodes().stream().mapToLong(VolumeBenchmark::cpuNanos).sum();
    }

    private static long cpuNanos(LocalNode node) {
        return handle(node).flatMap(process -> process.info().totalCpuDuration()).map(Duration::toNanos)
                .orElse(0L);
    }

    private static Optional<ProcessHandle> handle(LocalNode node) {
        return node.process().flatMap(process -> ProcessHandle.of(process.pid()));
    }

    /// What a lone durable write on other hosts cannot do without.
    private void floor() throws IOException, InterruptedException {
        double sync = LONE_WRITE.run(
                List.of("--ioengine=psync", "--fdatasync=1", "--fsync=0", "--filename=" + file(),
                        "--size=" + (64 << 20)),
                seconds).medianMicros();
        double roundTrip;
        try (Peer memory = Peer.start(folder, "memory", "64M")) {
            roundTrip = LOADS.getFirst().onDevice(memory.uri(), 64 << 20, seconds).medianMicros();
        }
        double hop = LoopbackHop.medianMicros(20_000);
        print("floor of a lone write: sync %.0f us + round trip %.0f us + hop %.0f us = %.0f us",
                sync, roundTrip, hop, sync + roundTrip + hop);
    }

    private void kill(String uri, String serving) throws Exception {
        LocalNode victim = cluster.nodes().stream()
                .filter(node -> !node.name().equals(serving))
                .findFirst()
                .orElseThrow();
        ProcessHandle process = handle(victim).orElseThrow();
        CompletableFuture.delayedExecutor(4, TimeUnit.SECONDS).execute(process::destroyForcibly);
        FioLoad.Found found = LONE_WRITE.onDevice(uri, BYTES, 12);
        print("%s killed under 4k writes, each flushed: %s", victim.name(), found.text());
    }

    static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /// nbdkit with one of its plugins.
    private record Peer(Process process, String uri) implements AutoCloseable {
        static Peer start(Path folder, String plugin, String argument)
                throws IOException, InterruptedException {
            Path socket = folder.resolve(plugin + ".sock");
            Files.deleteIfExists(socket);
            Process process = new ProcessBuilder(
                    "nbdkit", "-f", "-U", socket.toString(), plugin, argument)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(plugin + ".log").toFile())
                    .start();
            while (!Files.exists(socket) && process.isAlive()) {
                Thread.onSpinWait();
            }
            return new Peer(process, "nbd+unix:///?socket=" + socket);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
