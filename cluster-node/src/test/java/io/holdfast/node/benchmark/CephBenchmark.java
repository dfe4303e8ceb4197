package io.holdfast.node.benchmark;

import io.holdfast.node.cli.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Volumes of a running local cluster of three nodes turn by turn with images of a Ceph cluster on the same
/// host, under the same program (fio): each block device by the way that its own client goes, over NBD here
/// and by librbd there. A write counts when it is safe on all hosts that it goes to; librbd has no need of a
/// flush for that, if its clients' configuration says `rbd cache = false`.
///
/// Arguments: the cluster's directory, the configuration of Ceph's clients, a coded image (2+1) and a
/// replicated one (three copies), both of a GiB at least and as `POOL/NAME`, seconds per measurement, rounds.
public final class CephBenchmark {
    private static final List<Pair> PAIRS = List.of(
            Pair.of("4k random write, safe, depth 1", "--rw=randwrite", "--bs=4k", "--iodepth=1")
                    .flushing("--fsync=1"),
            Pair.of("4k random write, safe, depth 16", "--rw=randwrite", "--bs=4k", "--iodepth=16")
                    .flushing("--iodepth=1", "--fsync=1", "--numjobs=16"),
            Pair.of("4k random read, depth 1", "--rw=randread", "--bs=4k", "--iodepth=1"),
            Pair.of("4k random read, depth 16", "--rw=randread", "--bs=4k", "--iodepth=16"),
            Pair.of("4k random read, depth 64", "--rw=randread", "--bs=4k", "--iodepth=64"),
            Pair.of("1M sequential write", "--rw=write", "--bs=1M", "--iodepth=8"),
            Pair.of("1M sequential read", "--rw=read", "--bs=1M", "--iodepth=8"));

    private final LocalCluster cluster;
    private final Path configuration;
    private final int seconds;
    private final int rounds;

    private CephBenchmark(LocalCluster cluster, Path configuration, int seconds, int rounds) {
        this.cluster = cluster;
        this.configuration = configuration;
        this.seconds = seconds;
        this.rounds = rounds;
    }

    /// The same work for both.
    private record Pair(FioLoad peer, FioLoad own) {
        static Pair of(String name, String... options) {
            FioLoad load = new FioLoad(name, options);
            return new Pair(load, load);
        }

        /// The same, our side with these options last, of which the last one of a kind counts.
        Pair flushing(String... more) {
            List<String> options = new ArrayList<>(own.options());
            options.addAll(List.of(more));
            return new Pair(peer, new FioLoad(own.name(), options));
        }
    }

    public static void main(String[] arguments) throws Exception {
        CephBenchmark benchmark = new CephBenchmark(
                LocalCluster.open(Path.of(arguments[0])),
                Path.of(arguments[1]).toAbsolutePath(),
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]));
        benchmark.run("coded", "2+1", arguments[2]);
        benchmark.run("replicated", "1+2", arguments[3]);
    }

    private void run(String volume, String profile, String image) throws Exception {
        String uri = VolumeBenchmark.exported(cluster, volume, profile).path("unix").asText();
        VolumeBenchmark.print("profile %s beside %s, load %.1f, %d rounds of %d s", profile, image,
                VolumeBenchmark.loadAverage(), rounds, seconds);
        VolumeBenchmark.FILL.onDevice(uri, VolumeBenchmark.BYTES, 0);
        VolumeBenchmark.FILL.onRados(configuration, image, VolumeBenchmark.BYTES, 0);
        for (Pair pair : PAIRS) {
            for (int round = 0; round < rounds; round++) {
                compare(pair, uri, image);
            }
        }
    }

    private void compare(Pair pair, String uri, String image) throws IOException, InterruptedException {
        long peerBefore = peerNanos();
        FioLoad.Found peer = pair.peer().onRados(configuration, image, VolumeBenchmark.BYTES, seconds);
        double peerMicros = (peerNanos() - peerBefore) / 1e3 / (peer.perSecond() * seconds);
        long before = VolumeBenchmark.cpuNanos(cluster);
        FioLoad.Found own = pair.own().onDevice(uri, VolumeBenchmark.BYTES, seconds);
        double ownMicros =
                (VolumeBenchmark.cpuNanos(cluster) - before) / 1e3 / (own.perSecond() * seconds);
        VolumeBenchmark.print("%-31s own %s  cpu %5.0f us | Ceph %s  cpu %5.0f us | ratio %.2f",
                pair.own().name(), own.text(), ownMicros, peer.text(), peerMicros,
                own.perSecond() / peer.perSecond());
    }

    /// What all of Ceph's daemons on this host have used so far.
    private static long peerNanos() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command()
                        .filter(command -> command.matches(".*/ceph-(osd|mon|mgr)"))
                        .isPresent())
                .mapToLong(process -> process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
                .sum();
    }
}
