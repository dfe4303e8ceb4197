package io.holdfast.hostio.nbd;

import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/// The comparison of this server over a file with nbdkit's file plugin over the same file: the same fio
/// client on a unix socket, turn by turn, so that what else the machine does hits both alike. Prints for each
/// load the median of both rates, their ratio and its bar, and the processor time per request.
///
/// Arguments: a folder for the file and the sockets, the number of rounds, the seconds per measurement. Run
/// with the test class path and the JVM flags of the root `pom.xml`, on a machine that does nothing else.
public final class NbdComparison {
    private static final long FILE_BYTES = 1L << 30;
    private static final int TERSE_READ_IOPS = 7;
    private static final int TERSE_WRITE_IOPS = 48;

    private static final List<Load> LOADS = List.of(
            new Load("4k random read, depth 1", 0.90, "--rw=randread", "--bs=4k", "--iodepth=1"),
            new Load("4k random read, depth 16", 0.90, "--rw=randread", "--bs=4k", "--iodepth=16"),
            new Load("4k random read, depth 64", 0.90, "--rw=randread", "--bs=4k", "--iodepth=64"),
            new Load("4k write + flush each", 1.00, "--rw=randwrite", "--bs=4k", "--iodepth=1", "--fsync=1"),
            new Load("1M sequential read", 0.80, "--rw=read", "--bs=1M", "--iodepth=4"),
            new Load("1M sequential write", 0.80, "--rw=write", "--bs=1M", "--iodepth=4"));

    private final Path folder;
    private final int seconds;

    private record Load(String name, double bar, List<String> options) {
        Load(String name, double bar, String... options) {
            this(name, bar, List.of(options));
        }
    }

    /// What one measurement found.
    private record Sample(double perSecond, double cpuMicros) {}

    /// A server under test.
    private record Subject(Process process, String uri) {}

    private NbdComparison(Path folder, int seconds) {
        this.folder = folder;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        new NbdComparison(folder, Integer.parseInt(arguments[2])).compare(Integer.parseInt(arguments[1]));
    }

    private void compare(int rounds) throws IOException, InterruptedException {
        Path file = folder.resolve("disk.raw");
        fill(file);
        Subject peer = start("nbdkit", file, "nbdkit", "-f", "-U");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        Subject own = start("own", file, java, "-cp", classPath, NbdFileServer.class.getName());
        try {
            print("load %.1f, %d rounds of %d s", loadAverage(), rounds, seconds);
            for (Load load : LOADS) {
                measure(load, own); // So that the JVM has compiled what counts.
                report(load, rounds, peer, own);
            }
            print("load %.1f", loadAverage());
        } finally {
            peer.process().destroy();
            own.process().destroy();
        }
    }

    private static void fill(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] piece = new byte[1 << 20];
            Random random = new Random(1);
            try (var out = Files.newOutputStream(file)) {
                for (long at = 0; at < FILE_BYTES; at += piece.length) {
                    random.nextBytes(piece);
                    out.write(piece);
                }
            }
        }
    }

    private Subject start(String name, Path file, String... command) throws IOException {
        Path socket = folder.resolve(name + ".sock");
        Files.deleteIfExists(socket);
        List<String> whole = new ArrayList<>(Arrays.asList(command));
        whole.add(socket.toString());
        if (name.equals("nbdkit")) {
            whole.add("file");
        }
        whole.add(file.toString());
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        Await.until("the socket of " + name, () -> Files.exists(socket));
        return new Subject(process, "nbd+unix:///?socket=" + socket);
    }

    private void report(Load load, int rounds, Subject peer, Subject own)
            throws IOException, InterruptedException {
        List<Sample> peers = new ArrayList<>();
        List<Sample> owns = new ArrayList<>();
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            peers.add(measure(load, peer));
            owns.add(measure(load, own));
            ratios[i] = owns.getLast().perSecond() / peers.getLast().perSecond();
        }
        double ratio = median(ratios);
        print("%-26s nbdkit %8.0f/s %6.1f us   own %8.0f/s %6.1f us   ratio %.2f (bar %.2f, %s) of %s",
                load.name(),
                median(peers.stream().mapToDouble(Sample::perSecond).toArray()),
                median(peers.stream().mapToDouble(Sample::cpuMicros).toArray()),
                median(owns.stream().mapToDouble(Sample::perSecond).toArray()),
                median(owns.stream().mapToDouble(Sample::cpuMicros).toArray()),
                ratio,
                load.bar(),
                ratio >= load.bar() ? "met" : "MISSED",
                Arrays.stream(ratios).mapToObj(each -> String.format(Locale.ROOT, "%.2f", each)).toList());
    }

    private Sample measure(Load load, Subject subject) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("fio", "--name=one", "--ioengine=nbd",
                "--uri=" + subject.uri(), "--size=" + FILE_BYTES, "--time_based", "--runtime=" + seconds,
                "--output-format=terse", "--terse-version=3"));
        command.addAll(load.options());
        Duration before = cpu(subject.process());
        long began = System.nanoTime();
        String[] fields = HostTool.run(command).orThrow().output().strip().split(";", -1);
        double took = (System.nanoTime() - began) / 1e9;
        double perSecond =
                Double.parseDouble(fields[TERSE_READ_IOPS]) + Double.parseDouble(fields[TERSE_WRITE_IOPS]);
        double cpuMicros = cpu(subject.process()).minus(before).toNanos() / 1e3;
        return new Sample(perSecond, cpuMicros / (perSecond * Math.min(took, seconds)));
    }

    private static Duration cpu(Process process) {
        Optional<Duration> total = process.info().totalCpuDuration();
        return total.orElseThrow();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
