package io.holdfast.node.benchmark;

import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/// Commands of 100 bytes from another process, over the nodes' peer link into a running cluster's ledger, in
/// pairs with etcd's puts of the same keys and values.
///
/// Arguments: a node's data directory, etcd's `host:port` (or `-`), seconds per run, pairs, and perhaps how
/// many commands shall be outstanding (`1,16,256`).
public final class LedgerBenchmark {
    private static final int KEYS = 10_000;
    private static final int VALUE_BYTES = 60;
    private static final int[] OUTSTANDING = {1, 16, 256};

    private LedgerBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
        int pairs = Integer.parseInt(arguments[3]);
        String[] etcdAddress = arguments[1].split(":", 2);
        try (NodeClient holdfast = new NodeClient(Path.of(arguments[0]));
                EtcdClient etcd = new EtcdClient(
                        etcdAddress.length == 2 ? etcdAddress[0] : "localhost",
                        etcdAddress.length == 2 ? Integer.parseInt(etcdAddress[1]) : 1)) {
            print("command bytes: " + holdfast.size(command(1)));
            LongFunction<CompletableFuture<?>> ours = number -> holdfast.submit(command(number));
            LongFunction<CompletableFuture<?>> theirs = number -> etcd.put(key(number), value(number));
            LoadLoop.run("warm-up", 256, time.multipliedBy(3), ours, () -> {});
            for (int outstanding : arguments.length > 4 ? outstandings(arguments[4]) : OUTSTANDING) {
                List<Double> rates = new ArrayList<>();
                List<Double> latencies = new ArrayList<>();
                for (int pair = 0; pair < pairs; pair++) {
                    LoadLoop.Result a = LoadLoop.run("holdfast", outstanding, time, ours, () -> {});
                    print(a.toString());
                    if (etcdAddress.length == 2) {
                        LoadLoop.Result b = LoadLoop.run("etcd", outstanding, time, theirs, () -> {});
                        print(b.toString());
                        rates.add(a.perSecond() / b.perSecond());
                        latencies.add(a.millisAt(50) / b.millisAt(50));
                    }
                }
                printRatio("rate", outstanding, rates);
                printRatio("median latency", outstanding, latencies);
            }
        }
    }

    private static int[] outstandings(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    private static void printRatio(String what, int outstanding, List<Double> ratios) {
        List<Double> sorted = ratios.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            print(String.format(
                    Locale.ROOT, "ratio      outstanding=%-4d %s holdfast/etcd: median %.2f (%.2f to %.2f)",
                    outstanding, what, sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast()));
        }
    }

    private static SettingCommand.Put command(long number) {
        return new SettingCommand.Put(
                new String(key(number), StandardCharsets.UTF_8), Octets.copyOf(value(number)),
                        ExpectedVersion.ANY);
    }

    private static byte[] key(long number) {
        return String.format(Locale.ROOT, "bench-%08d", number % KEYS).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value(long number) {
        byte[] bytes = new byte[VALUE_BYTES];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    private static void print(String line) {
        System.out.println(line);
    }
}
