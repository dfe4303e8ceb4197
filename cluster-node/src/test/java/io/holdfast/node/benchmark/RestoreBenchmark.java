package io.holdfast.node.benchmark;

import io.holdfast.hostio.container.linux.RestoreByHand;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.local.LocalNode;
import io.holdfast.node.cli.output.CliException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// Time from a request at the gateway to the first byte of its answer, for services of several kinds: cold,
/// restored from what this host holds, restored on another host, woken from the pool of frozen copies, and
/// many clones at once; beside CRIU's own command line and a loop of `runc restore` on the same service and
/// machine. All in one run, for such machines are noisy: the ratios count. At the end, if wanted, what many
/// frozen copies cost of memory once the kernel has merged what it can.
///
/// Arguments: a local cluster's directory, a new folder below which services and images lie, rounds, clones,
/// the services (all that this machine has if absent or `all`), frozen copies. Needs root.
public final class RestoreBenchmark {
    private static final int COLD_ROUNDS_MAX = 5;

    /// Of what so many copies would take without sharing.
    private static final double MEMORY_SHARE_MAX = 0.40;

    private static final Duration MERGED_WITHIN = Duration.ofMinutes(4);
    private static final long LOOK_NANOS = 2_000_000_000;

    private final LocalCluster cluster;
    private final ClusterAccess access;
    private final ApiClient client;
    private final Path folder;
    private final int rounds;
    private final int clones;
    private final int copies;

    private RestoreBenchmark(LocalCluster cluster, Path folder, int rounds, int clones, int copies)
            throws CliException {
        this.cluster = cluster;
        this.access = cluster.access();
        this.client = new ApiClient(access, Duration.ofMinutes(2));
        this.folder = folder;
        this.rounds = rounds;
        this.clones = clones;
        this.copies = copies;
    }

    public static void main(String[] arguments) throws Exception {
        RestoreBenchmark benchmark = new RestoreBenchmark(
                LocalCluster.open(Path.of(arguments[0])),
                Files.createDirectories(Path.of(arguments[1]).toAbsolutePath()),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                arguments.length > 5 ? Integer.parseInt(arguments[5]) : 0);
        Set<String> wanted = arguments.length > 4 && !arguments[4].equals("all")
                ? new HashSet<>(Arrays.asList(arguments[4].split(",", -1)))
                : Set.of();
        for (BenchmarkService service : BenchmarkService.all(benchmark.folder.resolve("root"))) {
            if (wanted.isEmpty() || wanted.contains(service.name())) {
                benchmark.measure(service);
            }
        }
    }

    private void measure(BenchmarkService service) throws Exception {
        print("%s: nodes %d, rounds %d, load %.1f", service.name(), cluster.nodes().size(), rounds,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        BenchmarkedApp app = new BenchmarkedApp(client, service, "bench-" + service.name());
        try (GatewayCaller caller = new GatewayCaller(access, 0);
                RestoreByHand hand = byHand(service)) {
            double cold = median(cold(app, caller));
            report(service, "cold start", cold, "");
            double criu = median(repeated(hand::criuMillis));
            report(service, "criu restore by hand", criu, "image " + (hand.imageBytes() >> 20) + " MiB");
            double restored = median(restored(app, caller));
            report(service, "restored", restored, ratio(restored / criu) + " x criu by hand (bar 1.15), cold"
                    + " / it " + ratio(cold / restored) + " (bar " + ratio(service.coldRatioMin()) + ")");
            double woken = median(woken(app, caller));
            report(service, "woken", woken, "bar 10 ms; cold / it " + ratio(cold / woken) + " (bar 50)");
            if (cluster.nodes().size() > 1) {
                double elsewhere = median(elsewhere(service));
                report(service, "restored elsewhere", elsewhere,
                        ratio(elsewhere / restored) + " x restored here (bar 2)");
            }
            if (clones > 0) {
                double loop = hand.runcMillis(clones);
                report(service, "runc restore loop", loop, clones + " of them");
                double last = clones(app, caller);
                report(service, "clones at once", last, ratio(last / loop) + " x the loop (bar 0.60)");
            }
            if (copies > 0) {
                frozen(service, app, caller);
            }
        } finally {
            app.delete();
        }
    }

    private RestoreByHand byHand(BenchmarkService service) throws IOException {
        Path state = folder.resolve("hand-" + service.name());
        return RestoreByHand.of(
                state, folder.resolve("images-" + service.name()), BenchmarkService.PORT,
                id -> service.root().spec(id, service.command().toArray(String[]::new)));
    }

    /// The first is not counted: nothing of the service's files was in memory.
    private List<Double> cold(BenchmarkedApp app, GatewayCaller caller) throws Exception {
        app.define(false, 0, 1);
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round <= Math.min(rounds, COLD_ROUNDS_MAX); round++) {
            double found = requested(app, caller, "cold");
            if (round > 0) {
                millis.add(found);
            }
            app.restart();
        }
        return millis;
    }

    private List<Double> restored(BenchmarkedApp app, GatewayCaller caller) throws Exception {
        app.define(true, 0, 1);
        double _ = requested(app, caller, "cold");
        warmUp(app, caller);
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            app.restart();
            millis.add(requested(app, caller, "restored"));
        }
        return millis;
    }

    /// What is restored has handled requests, as what people let go on has; by hand it is the same.
    private static void warmUp(BenchmarkedApp app, GatewayCaller caller) throws Exception {
        for (int request = 0; request < RestoreByHand.WARMING_COUNT; request++) {
            double _ = requested(app, caller, "warm");
        }
        app.saveAndEnd();
    }

    private List<Double> woken(BenchmarkedApp app, GatewayCaller caller) throws Exception {
        app.define(true, 1, 1);
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            app.awaitFrozen(1);
            millis.add(requested(app, caller, "thawed"));
            app.restart();
        }
        return millis;
    }

    /// Each time another application, so that the node that restores it has none of its bytes. The first is
    /// not counted: that node has never done so.
    private List<Double> elsewhere(BenchmarkService service) throws Exception {
        List<Double> millis = new ArrayList<>();
        LocalNode there = cluster.nodes().get(1);
        ClusterAccess through = new ClusterAccess(
                List.of(access.endpoints().get(1)), access.authorityPem(), access.token());
        try (GatewayCaller first = new GatewayCaller(access, 0);
                GatewayCaller second = new GatewayCaller(access, 1);
                ApiClient thereClient = new ApiClient(through, Duration.ofMinutes(2))) {
            for (int round = 0; round <= rounds; round++) {
                BenchmarkedApp app =
                        new BenchmarkedApp(client, service, "bench-" + service.name() + "-far-" + round);
                app.define(true, 0, 1);
                double _ = requested(app, first, "cold");
                warmUp(app, first);
                app.awaitGoneAt(thereClient);
                double found = requested(app, second, "restored");
                if (!app.node().equals(there.name())) {
                    throw new IllegalStateException("it was restored at " + app.node());
                }
                if (round > 0) {
                    millis.add(found);
                }
                app.delete();
            }
        }
        return millis;
    }

    private double clones(BenchmarkedApp app, GatewayCaller caller) throws Exception {
        app.define(true, 0, clones);
        Set<String> identities = new HashSet<>();
        double last = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<GatewayCaller.Begun>> answers = new ArrayList<>();
            for (int clone = 0; clone < clones; clone++) {
                answers.add(threads.submit(() -> caller.get(app.path() + "hold")));
            }
            for (Future<GatewayCaller.Begun> answer : answers) {
                try (GatewayCaller.Begun begun = answer.get()) {
                    identities.add(begun.firstPart());
                    last = Math.max(last, begun.millis());
                }
            }
        }
        if (identities.size() != clones) {
            throw new IllegalStateException("clones of one identity: distinct=" + identities.size());
        }
        return last;
    }

    /// What the copies cost, beside what they would take if each had its memory alone.
    private void frozen(BenchmarkService service, BenchmarkedApp app, GatewayCaller caller) throws Exception {
        app.define(true, copies, copies);
        caller.get(app.path()).close();
        app.restart();
        app.awaitFrozen(copies);
        long begun = System.nanoTime();
        double share = 1;
        double resident = 0;
        while (share > MEMORY_SHARE_MAX / 2 && System.nanoTime() - begun < MERGED_WITHIN.toNanos()) {
            LockSupport.parkNanos(LOOK_NANOS);
            resident = app.frozen("residentBytes");
            share = app.frozen("costBytes") / Math.max(1, resident);
        }
        print("%-7s %-22s %8.2f of it  %d copies, %.0f MiB if each had its own; after %.0f s (bar %.2f)",
                service.name(), "frozen copies' memory", share, copies, resident / (1 << 20),
                (System.nanoTime() - begun) / 1e9, MEMORY_SHARE_MAX);
        double woken = requested(app, caller, "thawed");
        report(service, "woken from these", woken, "memory that was merged is copied when written to");
    }

    /// The answer has to come from an instance that became ready in the way that is measured.
    private static double requested(BenchmarkedApp app, GatewayCaller caller, String start)
            throws IOException, InterruptedException {
        caller.connect();
        try (GatewayCaller.Begun answer = caller.get(app.path())) {
            byte[] _ = answer.rest().readAllBytes();
            if (!answer.start().equals(start)) {
                throw new IllegalStateException(
                        "another start: expected=" + start + " was=" + answer.start());
            }
            return answer.millis();
        }
    }

    /// One measurement.
    private interface Measurement {
        double millis() throws Exception;
    }

    private List<Double> repeated(Measurement measurement) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            millis.add(measurement.millis());
        }
        return millis;
    }

    private static double median(List<Double> values) {
        print("    %s", values.stream().map(value -> String.format(Locale.ROOT, "%.1f", value)).toList());
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void report(BenchmarkService service, String what, double millis, String remark) {
        print("%-7s %-22s %8.1f ms  %s", service.name(), what, millis, remark);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
