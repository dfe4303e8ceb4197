package io.holdfast.gridstate.hazelcast.served;

import static io.holdfast.gridstate.testing.TestCatalogs.THINGS;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.holdfast.gridstate.change.ChangeLog;
import io.holdfast.gridstate.hazelcast.GridSettings;
import io.holdfast.gridstate.hazelcast.entry.GridKey;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import io.holdfast.gridstate.hazelcast.publish.AuditReport;
import io.holdfast.gridstate.hazelcast.read.Consistency;
import io.holdfast.gridstate.hazelcast.read.GridReads;
import io.holdfast.gridstate.testing.Await;
import io.holdfast.gridstate.testing.TestCatalogs;
import io.holdfast.gridstate.testing.TestGrid;
import io.holdfast.gridstate.testing.TestLedger;
import io.holdfast.gridstate.testing.TestLedger.Write;
import io.holdfast.gridstate.testing.TextCodec;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures, with three members in this process: entries published per second (backups and TLS included),
/// the time of a local read where the member holds the entry and where it does not, the time of a
/// comparison, and the CPU that three idle members use. Started by hand:
///
///     mvn -pl grid-state -am test-compile exec:java -Dexec.classpathScope=test \
///         -Dexec.mainClass=io.holdfast.gridstate.hazelcast.served.GridBenchmark
public final class GridBenchmark {
    private static final Logger LOG = LoggerFactory.getLogger(GridBenchmark.class);
    private static final int ENTRIES = 60_000;
    private static final int COMMANDS_PER_ENTRY = 50;
    private static final int READS = 200_000;
    private static final int NOBODY = 9;
    private static final String RECORD = "x".repeat(100);

    private final TestLedger ledger = new TestLedger(
            3, TestCatalogs.ALL, new TextCodec(), new ChangeLog.Bounds(1_000_000, 1L << 30));
    private final TestGrid grid =
            new TestGrid(3, TestCatalogs.schema(), ledger, GridSettings.PARTITION_COUNT);

    private final OperatingSystemMXBean process =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private GridBenchmark() {}

    /// Runs everything once.
    public static void main(String[] arguments) throws Exception {
        new GridBenchmark().run();
    }

    private void run() throws Exception {
        grid.openAll();
        try {
            for (int round = 0; round < 4; round++) {
                publish(round);
            }
            compare();
            GridReads reads = grid.member(0).reads();
            Await.until("a sign of the leader", () -> !reads.isStale());
            for (int round = 0; round < 3; round++) {
                read(reads, true, READS);
                read(reads, false, READS / 20);
            }
            idle();
        } finally {
            grid.close();
        }
    }

    private void publish(int round) {
        ledger.lead(NOBODY);
        for (int i = 0; i < ENTRIES; i += COMMANDS_PER_ENTRY) {
            List<Write<String, String>> writes = new ArrayList<>();
            for (int j = i; j < i + COMMANDS_PER_ENTRY; j++) {
                writes.add(new Write<>(THINGS, "key-%07d".formatted(j), round + RECORD));
            }
            ledger.write(writes);
        }
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        ledger.lead(0);
        Await.until("published", Duration.ofMinutes(2), () ->
                grid.member(0).status().publisher().position().index() >= ledger.committed().value());
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (process.getProcessCpuTime() - cpu) / 1e9;
        LOG.info("published: round={} perSecond={} perCpuSecond={} entries={} batches={}",
                round,
                Math.round(ENTRIES / seconds),
                Math.round(ENTRIES / cpuSeconds),
                ENTRIES,
                grid.member(0).status().publisher().batches());
    }

    private void compare() throws InterruptedException {
        long start = System.nanoTime();
        AuditReport report = grid.audit();
        LOG.info("compared: millis={} report={}", (System.nanoTime() - start) / 1_000_000, report);
    }

    private void read(GridReads reads, boolean held, int count) throws InterruptedException {
        GridMaps maps = grid.member(0).grid().maps();
        List<String> keys = new ArrayList<>();
        for (int i = 0; keys.size() < 1_000; i++) {
            String key = "key-%07d".formatted(i);
            if (maps.isHolder(GridKey.of(key.getBytes(UTF_8))) == held) {
                keys.add(key);
            }
        }
        Consistency local = new Consistency.Local();
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            String key = keys.get(i % keys.size());
            long start = System.nanoTime();
            reads.get(THINGS, key, local, 1_000);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        LOG.info("read: held={} medianNanos={} p99Nanos={} status={}",
                held, nanos[count / 2], nanos[count * 99 / 100], reads.status());
    }

    private void idle() throws InterruptedException {
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(15).toNanos();
        Await.until("the time is over", Duration.ofMinutes(1), () -> System.nanoTime() >= end);
        double share = (process.getProcessCpuTime() - cpu) / (double) (System.nanoTime() - start);
        LOG.info("idle: percentOfACorePerMember={}", 100 * share / 3);
    }
}
