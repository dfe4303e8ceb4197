package io.holdfast.node.benchmark;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Limits;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Probe;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.application.Variable;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.HostClass;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.local.LocalNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// What applications cost that are scaled to zero, each with a snapshot to go on from: live heap of every
/// node after collections, before and after they are entered.
///
/// Arguments: a local cluster's directory, and how many applications.
public final class SleepingAppsBenchmark {
    private static final int OUTSTANDING = 128;
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(20);
    private static final Duration COLLECTED_WITHIN = Duration.ofMinutes(1);

    private final NodeClient client;
    private final Semaphore permits = new Semaphore(OUTSTANDING);
    private final AtomicReference<String> refusal = new AtomicReference<>("");

    private SleepingAppsBenchmark(NodeClient client) {
        this.client = client;
    }

    public static void main(String[] arguments) throws Exception {
        LocalCluster cluster = LocalCluster.open(Path.of(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        try (NodeClient client = new NodeClient(cluster.nodes().getFirst().dataDirectory())) {
            SleepingAppsBenchmark benchmark = new SleepingAppsBenchmark(client);
            // What is loaded and cached with the first ones is not theirs.
            benchmark.enter(0, Math.min(200, count));
            List<Long> before = heaps(cluster);
            benchmark.enter(200, 200 + count);
            List<Long> after = heaps(cluster);
            for (int node = 0; node < before.size(); node++) {
                long grown = after.get(node) - before.get(node);
                print("%s: %d applications, live heap from %.1f to %.1f MiB, %.2f KiB each (bar 10)",
                        cluster.nodes().get(node).name(), count, before.get(node) / 1048576.0,
                        after.get(node) / 1048576.0, grown / 1024.0 / count);
            }
        }
    }

    private void enter(int from, int to) {
        for (int number = from; number < to; number++) {
            permits.acquireUninterruptibly();
            var _ = application(number).whenComplete((_, failure) -> {
                if (failure != null) {
                    refusal.compareAndSet("", failure.toString());
                }
                permits.release();
            });
        }
        permits.acquireUninterruptibly(OUTSTANDING);
        permits.release(OUTSTANDING);
        if (!refusal.get().isEmpty()) {
            throw new IllegalStateException("not everything could be entered: " + refusal.get());
        }
    }

    private CompletableFuture<Void> application(int number) {
        ApplicationKey key =
                new ApplicationKey("default", String.format(Locale.ROOT, "sleeping-%05d", number));
        ApplicationSpec spec = new ApplicationSpec(
                new Root.Folder("/srv/sleeping"),
                List.of("/usr/bin/java", "-XX:+UseSerialGC", "-Xmx256m", "-jar", "/app/service.jar"),
                List.of(new Variable("NUMBER", Integer.toString(number))),
                "/",
                8_080,
                ApplicationSpec.Access.PUBLIC,
                List.of(new Mount(Mount.Kind.FOLDER, "/usr", "/usr", true)),
                Limits.NONE,
                new Probe.Connects(60_000),
                Scaling.STANDARD,
                SnapshotPolicy.STANDARD);
        SnapshotKey snapshot = new SnapshotKey(key, "s1");
        FencingToken maker = new FencingToken(1);
        SnapshotDraft draft = new SnapshotDraft(
                new LayerDigest("sha256:" + digest(number).value()),
                new HostClass("linux-6.18-amd64", "cpu-00000000", "criu-4.2.1"),
                Optional.empty(), 0, SnapshotOrigin.IDLE, Optional.of(spec));
        StoredImage stored = new StoredImage(
                digest(number), 100 << 20, List.of("node-1"), Optional.empty(), 113 << 20, 100 << 20,
                List.of());
        return submit(new ApplicationCommand.Define(key, spec, ExpectedVersion.ANY))
                .thenCompose(_ -> submit(new SnapshotCommand.Begin(snapshot, draft, maker)))
                .thenCompose(_ -> submit(
                        new SnapshotCommand.Complete(snapshot, maker, List.of(), Optional.of(stored))));
    }

    private CompletableFuture<Void> submit(GridCommand command) {
        return client.submit(command).thenAccept(reply -> {
            if (reply instanceof GridReply.Refused refused) {
                throw new IllegalStateException("refused: " + refused);
            }
        });
    }

    private static Sha256 digest(int number) {
        return new Sha256(HexFormat.of().toHexDigits(number).repeat(8));
    }

    /// The bytes of all live objects, node by node.
    private static List<Long> heaps(LocalCluster cluster) throws IOException, InterruptedException {
        LockSupport.parkNanos(SETTLED_AFTER.toNanos());
        List<Long> all = new ArrayList<>();
        for (LocalNode node : cluster.nodes()) {
            String pid = Long.toString(node.process().orElseThrow().pid());
            String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            String table = ProcessRun.of(jcmd, pid, "GC.class_histogram").withDeadline(COLLECTED_WITHIN)
                    .withOutputBytesMax(16 << 20).run().orThrow().output();
            String total = table.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
            all.add(Long.parseLong(total.split("\\s+", -1)[2]));
        }
        return all;
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
