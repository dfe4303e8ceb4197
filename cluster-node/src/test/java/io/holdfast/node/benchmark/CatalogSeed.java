package io.holdfast.node.benchmark;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.HostClass;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.hostio.id.LayerDigest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/// Fills a running cluster's catalogs through its ledger with hosts that never answer, volumes, and
/// applications with their snapshots, for looking at a cluster of that size.
///
/// Arguments: a node's data directory, and how many hosts, volumes and snapshots; for a fresh cluster.
public final class CatalogSeed {
    private static final int OUTSTANDING = 256;
    private static final int ZONES = 10;
    private static final int SNAPSHOTS_PER_APPLICATION = 50;
    private static final int TENANTS = 5;
    private static final long QUOTA_BYTES = 1L << 50;
    private static final long SEED = 20_261_122;
    private static final long FIRST_FAMILY = 0x5eed_0000_0000L;
    private static final int FIRST_PORT = 40_000;
    private static final Profile PROFILE = new Profile(2, 1, Profile.Spread.NODE);
    private static final FencingToken TOKEN = new FencingToken(1);
    private static final Sha256 SECRET = new Sha256("5eed".repeat(16));
    private static final List<SnapshotOrigin> ORIGINS = List.of(SnapshotOrigin.values());
    private static final List<String> WORDS =
            List.of("shop", "blog", "search", "mail", "billing", "forum", "wiki", "queue", "gate", "metrics");

    private final NodeClient client;
    private final Semaphore permits = new Semaphore(OUTSTANDING);
    private final AtomicReference<String> refusal = new AtomicReference<>("");

    private CatalogSeed(NodeClient client) {
        this.client = client;
    }

    public static void main(String[] arguments) throws Exception {
        try (NodeClient client = new NodeClient(Path.of(arguments[0]))) {
            CatalogSeed seed = new CatalogSeed(client);
            seed.enter("hosts", Integer.parseInt(arguments[1]), seed::host);
            seed.enter("volumes", Integer.parseInt(arguments[2]), seed::volume);
            int applications = Integer.parseInt(arguments[3]) / SNAPSHOTS_PER_APPLICATION;
            seed.enter("tenants", TENANTS, seed::tenant);
            seed.enter("applications", applications, seed::application);
        }
    }

    /// Enters so many things, some at a time; each is a few commands one after the other.
    private void enter(String what, int count, IntFunction<CompletableFuture<Void>> one) {
        long started = System.nanoTime();
        for (int number = 0; number < count; number++) {
            permits.acquireUninterruptibly();
            var _ = one.apply(number).whenComplete((_, failure) -> {
                if (failure != null) {
                    refusal.compareAndSet("", failure.toString());
                }
                permits.release();
            });
        }
        permits.acquireUninterruptibly(OUTSTANDING);
        permits.release(OUTSTANDING);
        report(what, count, System.nanoTime() - started);
        if (!refusal.get().isEmpty()) {
            throw new IllegalStateException("not everything could be entered: " + refusal.get());
        }
    }

    private CompletableFuture<Void> submit(GridCommand command) {
        return client.submit(command).thenAccept(reply -> {
            if (reply instanceof GridReply.Refused refused) {
                throw new IllegalStateException("refused: " + refused);
            }
        });
    }

    private CompletableFuture<Void> host(int number) {
        String name = String.format(Locale.ROOT, "host-%03d", number + 1);
        String token = "seed-" + number;
        int port = FIRST_PORT + 4 * number;
        Addresses addresses = new Addresses(
                local(port), local(port + 1), local(port + 2), local(port + 3));
        NodeDescription description = new NodeDescription(
                "zone-" + number % ZONES, addresses, false, GridCodec.LEVEL_MAX);
        long now = System.currentTimeMillis();
        NodeCertificate certificate = new NodeCertificate(
                Integer.toHexString(number + 1), digest(number), now + Duration.ofDays(90).toMillis());
        return submit(new ClusterCommand.CreateJoinToken(token, SECRET, now + Duration.ofHours(1).toMillis()))
                .thenCompose(_ -> submit(
                        new ClusterCommand.AdmitNode(name, description, certificate, token, SECRET)));
    }

    private static String local(int port) {
        return "127.0.0.1:" + port;
    }

    private CompletableFuture<Void> volume(int number) {
        SplittableRandom random = new SplittableRandom(SEED + number);
        String name = String.format(Locale.ROOT, "%s-%05d", WORDS.get(number % WORDS.size()), number);
        return submit(new VolumeCommand.Create(name, new VolumeDraft(
                (1L + random.nextInt(64)) << 30, 4_096, PROFILE, VolumePolicy.STRICT,
                new StreamId(FIRST_FAMILY + number))));
    }

    private CompletableFuture<Void> tenant(int number) {
        return submit(new SnapshotCommand.SetQuota(tenantOf(number), QUOTA_BYTES, ExpectedVersion.ANY));
    }

    private static String tenantOf(int number) {
        return "tenant-" + number % TENANTS;
    }

    /// An application's snapshots, each made after the one before.
    private CompletableFuture<Void> application(int number) {
        ApplicationKey key = new ApplicationKey(tenantOf(number), String.format(
                Locale.ROOT, "%s-%04d", WORDS.get(number % WORDS.size()), number));
        CompletableFuture<Void> made = submit(new SnapshotCommand.SetRetention(
                key, 2 * SNAPSHOTS_PER_APPLICATION, Long.MAX_VALUE, ExpectedVersion.ANY));
        for (int step = 0; step < SNAPSHOTS_PER_APPLICATION; step++) {
            int snapshot = step;
            made = made.thenCompose(_ -> snapshot(key, number, snapshot));
        }
        return made;
    }

    private CompletableFuture<Void> snapshot(ApplicationKey application, int number, int step) {
        SplittableRandom random =
                new SplittableRandom(SEED + (long) number * SNAPSHOTS_PER_APPLICATION + step);
        SnapshotKey key = new SnapshotKey(application, snapshotName(step));
        SnapshotDraft draft = new SnapshotDraft(
                new LayerDigest("sha256:" + digest(number).value()),
                new HostClass("6.18.0-" + random.nextInt(3), digest(random.nextInt(4)).value(), "4.2.1"),
                step == 0 ? Optional.empty() : Optional.of(snapshotName(step - 1)),
                0,
                ORIGINS.get(step % ORIGINS.size()),
                Optional.empty());
        long bytes = 1L << 20 << random.nextInt(6);
        StoredImage whole = new StoredImage(
                digest(random.nextInt()), bytes, List.of("host-001"), Optional.empty(), 2 * bytes, bytes,
                List.of());
        // What makes a snapshot of a host class has to show a newer token than whoever did before.
        FencingToken maker = new FencingToken(TOKEN.value() + step);
        return submit(new SnapshotCommand.Begin(key, draft, maker)).thenCompose(_ -> submit(
                new SnapshotCommand.Complete(key, maker, List.of(), Optional.of(whole))));
    }

    private static String snapshotName(int step) {
        return String.format(Locale.ROOT, "s-%03d", step);
    }

    private static Sha256 digest(int number) {
        return new Sha256(HexFormat.of().toHexDigits(number).repeat(8));
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    private static void report(String what, int count, long nanos) {
        System.out.println(String.format(
                Locale.ROOT, "%s=%d seconds=%.1f", what, count, nanos / 1e9));
    }
}
