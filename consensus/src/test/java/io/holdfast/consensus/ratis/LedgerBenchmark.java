package io.holdfast.consensus.ratis;

import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.consensus.log.ReplicatedLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.util.FileUtils;
import org.jspecify.annotations.Nullable;

/// Measures the ledger over three voters in this process, with TLS on loopback: commands per second and
/// latency of 100-byte commands at 1, 16 and 256 outstanding, and of linearizable reads. The argument is how
/// many seconds each of them is measured; before, it warms up for three times as long.
///
///     mvn -q -pl consensus test-compile exec:java -Dexec.classpathScope=test \
///         -Dexec.mainClass=io.holdfast.consensus.ratis.LedgerBenchmark
public final class LedgerBenchmark {
    private static final String SECONDS_DEFAULT = "6";
    private static final int COMMAND_BYTES = 100;

    private final ReplicatedLog log;
    private final PrintStream out;
    private final Duration measured;
    private long sessions;

    private LedgerBenchmark(ReplicatedLog log, PrintStream out, Duration measured) {
        this.log = log;
        this.out = out;
        this.measured = measured;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String seconds = arguments.length > 0 ? arguments[0] : SECONDS_DEFAULT;
        Duration measured = Duration.ofSeconds(Long.parseLong(seconds));
        Path directory = Files.createTempDirectory("ledger-benchmark");
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.startVoters(3);
            new LedgerBenchmark(peers.leader().log(), System.out, measured).run();
            new LedgerBenchmark(peers.nonLeader().log(), System.out, measured).reads("follower");
        } finally {
            FileUtils.deleteFully(directory);
        }
    }

    private void run() throws InterruptedException {
        measure(256, measured.multipliedBy(2));
        measure(1, measured);
        for (int outstanding : List.of(1, 16, 256)) {
            LedgerStatus before = log.status();
            long[] latencies = measure(outstanding, measured);
            LedgerStatus after = log.status();
            double entries = after.progress().entriesApplied() - before.progress().entriesApplied();
            report(outstanding + " outstanding", latencies);
            out.printf(Locale.ROOT, "    commands per entry %.1f%n", latencies.length / entries);
        }
        reads("leader");
    }

    private void reads(String where) {
        long[] latencies = new long[4_000];
        for (int i = 0; i < latencies.length; i++) {
            long start = System.nanoTime();
            log.readBarrier().join();
            latencies[i] = System.nanoTime() - start;
        }
        long[] warm = Arrays.copyOfRange(latencies, latencies.length / 2, latencies.length);
        Arrays.sort(warm);
        out.printf(Locale.ROOT, "linearizable read, %s: p50 %.2f ms%n", where, millis(warm, 0.5));
    }

    private void report(String what, long[] latencies) {
        Arrays.sort(latencies);
        out.printf(
                Locale.ROOT,
                "%s: %.0f commands/s, p50 %.2f ms, p99 %.2f ms, max %.1f ms%n",
                what,
                latencies.length * 1e9 / measured.toNanos(),
                millis(latencies, 0.5),
                millis(latencies, 0.99),
                millis(latencies, 1));
    }

    private static double millis(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1) * quantile)] / 1e6;
    }

    /// Keeps so many commands outstanding, each answered one followed by the next of its chain.
    private long[] measure(int outstanding, Duration duration) throws InterruptedException {
        Queue<Long> latencies = new ConcurrentLinkedQueue<>();
        CountDownLatch ended = new CountDownLatch(outstanding);
        long end = System.nanoTime() + duration.toNanos();
        for (int i = 0; i < outstanding; i++) {
            sessions++;
            new Chain(new SessionId(1, sessions), end, latencies, ended).next();
        }
        ended.await();
        return latencies.stream().mapToLong(Long::longValue).toArray();
    }

    /// One caller that proposes its next command as soon as the last one is answered.
    private final class Chain {
        private final SessionId session;
        private final long end;
        private final Queue<Long> latencies;
        private final CountDownLatch ended;
        private final AtomicLong sequence = new AtomicLong();

        Chain(SessionId session, long end, Queue<Long> latencies, CountDownLatch ended) {
            this.session = session;
            this.end = end;
            this.latencies = latencies;
            this.ended = ended;
        }

        void next() {
            long start = System.nanoTime();
            if (start - end > 0) {
                ended.countDown();
                return;
            }
            long number = sequence.incrementAndGet();
            byte[] command = new byte[COMMAND_BYTES];
            byte[] name = ("k" + (number % 1_000) + ":").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(name, 0, command, 0, name.length);
            CompletableFuture<?> _ = log.propose(new Proposal(session, number, number - 1, command))
                    .whenComplete((_, failure) -> answered(start, failure));
        }

        private void answered(long start, @Nullable Throwable failure) {
            if (failure != null) {
                out.println("failed: " + failure);
                ended.countDown();
                return;
            }
            latencies.add(System.nanoTime() - start);
            next();
        }
    }
}
