package io.holdfast.node.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.MakerKey;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.Cut;
import io.holdfast.hostio.container.Obstacle;
import io.holdfast.node.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes snapshots: one maker per application and class of hosts, told by the ledger's lease. Concurrent;
/// blocks.
final class SnapshotMaker {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotMaker.class);

    /// Longer than a checkpoint and its storing take; a maker that dies is followed after this.
    private static final Duration LEASE = Duration.ofSeconds(60);

    /// A container that has just answered may still be closing that connection.
    private static final Duration OBSTACLES_PATIENCE = Duration.ofSeconds(2);

    private static final Duration OBSTACLES_PAUSE = Duration.ofMillis(20);
    /// For writing out what file systems hold back, while the application stands still.
    private static final Duration VOLUMES_WITHIN = Duration.ofSeconds(10);

    /// For finding out whether the ledger took a snapshot, if it did not answer.
    private static final Duration DOUBT_MAX = Duration.ofSeconds(15);

    private static final Duration DOUBT_LOOK = Duration.ofSeconds(1);
    private static final int REASON_CHARS_MAX = 500;

    private final HostKit kit;

    /// Containers of which one is being made: the next one waits for it.
    private final Map<ContainerId, CountDownLatch> busy = new ConcurrentHashMap<>();

    /// What is to be saved, and why.
    ///
    /// @param name of the snapshot; chosen if absent
    /// @param options how the checkpoint is made
    /// @param volumeUser whose volumes are to be of the same moment; absent for none
    record Wish(ApplicationKey application, Optional<String> name, SnapshotDraft draft,
            CheckpointOptions options, Optional<String> volumeUser) {}

    /// What came of it.
    sealed interface Outcome {
        /// The checkpoint is made and the catalog knows it as ready.
        record Made(SnapshotKey key) implements Outcome {}

        /// Somebody else makes one at this moment.
        record MadeElsewhere(String reason) implements Outcome {}

        /// There is none, and the container goes on as before.
        record Failed(RefusalCode code, String reason) implements Outcome {}
    }

    SnapshotMaker(HostKit kit) {
        this.kit = kit;
    }

    /// Makes one of a container that wants to go on: answers as soon as it is made, or, if only its storing
    /// takes longer than the patience, goes on with that behind the caller.
    ///
    /// @return empty if it is still being stored
    Optional<Outcome> makeWithin(Duration patience, Container container, Wish wish) {
        CountDownLatch isSaved = new CountDownLatch(1);
        CompletableFuture<Outcome> made = new CompletableFuture<>();
        Thread.ofVirtual().name("first-snapshot-" + container.id()).start(() -> {
            try {
                made.complete(make(container, wish, isSaved::countDown));
            } catch (RuntimeException failure) {
                // For whoever waits; if nobody does any more, the maker's lease runs out.
                made.completeExceptionally(failure);
                LOG.info("a snapshot was not made: application={} reason={}", wish.application(),
                        failure.getMessage());
            } finally {
                isSaved.countDown();
            }
        });
        try {
            isSaved.await();
            return Optional.of(made.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException stillStoring) {
            LOG.info("a snapshot is stored while its application goes on: application={}",
                    wish.application());
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException("making a snapshot throws nothing else", failure);
        }
    }

    Outcome make(Container container, Wish wish) {
        return make(container, wish, () -> {});
    }

    /// @param whenSaved called once the container goes on and only the storing is left
    private Outcome make(Container container, Wish wish, Runnable whenSaved) {
        CountDownLatch isOver = new CountDownLatch(1);
        for (CountDownLatch other = busy.putIfAbsent(container.id(), isOver);
                other != null;
                other = busy.putIfAbsent(container.id(), isOver)) {
            awaitOver(other);
        }
        try {
            return makeAlone(container, wish, whenSaved);
        } finally {
            busy.remove(container.id(), isOver);
            isOver.countDown();
        }
    }

    private static void awaitOver(CountDownLatch other) {
        try {
            other.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("this node is stopping", stopping);
        }
    }

    private Outcome makeAlone(Container container, Wish wish, Runnable whenSaved) {
        String lease = leaseOf(new MakerKey(wish.application(), wish.draft().hostClass()));
        // Two instances of one node are two makers as well: the container's name tells them apart.
        String holder = kit.node() + "/" + container.id();
        GridReply reply = kit.ledger().propose(new LeaseCommand.Acquire(lease, holder, LEASE.toMillis()));
        if (reply instanceof GridReply.Accepted(_, GridReply.Result.Granted(FencingToken token, _))) {
            try {
                return makeUnder(token, container, wish, whenSaved);
            } finally {
                release(lease, holder, token);
            }
        }
        return new Outcome.MadeElsewhere(
                reply instanceof GridReply.Refused refused ? refused.message() : "no lease was granted");
    }

    private Outcome makeUnder(FencingToken token, Container container, Wish wish, Runnable whenSaved) {
        String name = wish.name().orElseGet(() -> "s" + Long.toString(token.value(), 36));
        SnapshotKey key = new SnapshotKey(wish.application(), name);
        Optional<String> obstacle = obstacle(container, wish.options());
        GridReply begun = kit.ledger().propose(new SnapshotCommand.Begin(key, wish.draft(), token));
        if (begun instanceof GridReply.Refused refused) {
            return new Outcome.Failed(refused.code(), refused.message());
        }
        if (obstacle.isPresent()) {
            return condemned(key, obstacle.get());
        }
        Path folder = kit.snapshots().newFolder();
        VolumeCut cut = new VolumeCut(kit.volumes(), wish);
        Making making = new Making(key, token, cut);
        try (cut) {
            CheckpointImage image = container.checkpoint(folder, wish.options(), cut);
            whenSaved.run();
            return storeForSure(making, image, likeOf(wish));
        } catch (ContainerException | IOException failure) {
            kit.snapshots().drop(folder);
            return condemned(key, "it could not be made: " + failure.getMessage());
        }
    }

    /// A snapshot that is being made.
    private record Making(SnapshotKey key, FencingToken token, VolumeCut cut) {}

    /// What the volumes of an instance held at the moment of its checkpoint. Confined to whoever makes that.
    private static final class VolumeCut implements Cut, AutoCloseable {
        private final VolumeMounts volumes;
        private final Wish wish;
        private KeptVolumes kept = KeptVolumes.NONE;

        VolumeCut(VolumeMounts volumes, Wish wish) {
            this.volumes = volumes;
            this.wish = wish;
        }

        @Override
        public void make() throws IOException {
            if (wish.volumeUser().isPresent()) {
                kept = volumes.keep(wish.volumeUser().get(), VOLUMES_WITHIN);
            }
        }

        List<VolumePin> pins() {
            return kept.pins(wish.options().after() != CheckpointOptions.After.GO_ON);
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    /// What the new one has most in common with: the one that the container was restored from, else the
    /// newest.
    private Optional<SnapshotStore.Known> likeOf(Wish wish) {
        return kit.catalog().snapshots(wish.application()).stream()
                .filter(snapshot -> snapshot.value().state() instanceof SnapshotState.Ready)
                .filter(snapshot -> snapshot.value().stored().isPresent())
                .max(Comparator.<Versioned<SnapshotKey, SnapshotEntry>, Boolean>comparing(snapshot ->
                                wish.draft().parent().equals(Optional.of(snapshot.key().name())))
                        .thenComparingLong(snapshot -> snapshot.value().createdMillis()))
                .map(snapshot -> new SnapshotStore.Known(
                        snapshot.key(), snapshot.value().stored().orElseThrow()));
    }

    private Outcome storeForSure(
            Making making, CheckpointImage image, Optional<SnapshotStore.Known> like) throws IOException {
        try {
            return store(making, image, like);
        } catch (ConsensusException doubt) {
            return endDoubt(making, doubt);
        }
    }

    private Outcome store(
            Making making, CheckpointImage image, Optional<SnapshotStore.Known> like)
            throws IOException {
        SnapshotKey key = making.key();
        StoredImage stored = kit.snapshots().put(key, image, like);
        try (SnapshotStore.OpenSnapshot _ = kit.snapshots().open(key, stored)) {
            GridReply done = complete(making, stored);
            if (done instanceof GridReply.Refused(RefusalCode code, String message, _)
                    && code == RefusalCode.NOT_FOUND && !stored.shared().isEmpty()) {
                LOG.info("a snapshot is stored whole, for what it shares is gone: key={} reason={}", key,
                        message);
                kit.snapshots().discard(key, stored);
                stored = kit.snapshots().putCopy(key, image, Optional.empty());
                done = complete(making, stored);
            }
            if (done instanceof GridReply.Refused refused) {
                kit.snapshots().discard(key, stored);
                return new Outcome.Failed(refused.code(), refused.message());
            }
            LOG.info("made a snapshot: key={} bytes={} contentBytes={} sharedBytes={} frozenMillis={}", key,
                    stored.sizeBytes(), stored.contentBytes(), stored.sharedBytes(),
                    image.statistics().frozenMillis());
            return new Outcome.Made(key);
        }
    }

    private GridReply complete(Making making, StoredImage stored) {
        GridReply reply = kit.ledger().propose(new SnapshotCommand.Complete(
                making.key(), making.token(), List.of(), Optional.of(stored), making.cut().pins()));
        if (reply instanceof GridReply.Accepted accepted) {
            making.cut().kept.named(accepted.version());
        }
        return reply;
    }

    private Optional<String> obstacle(Container container, CheckpointOptions options) {
        long deadline = kit.nanoClock().getAsLong() + OBSTACLES_PATIENCE.toNanos();
        List<Obstacle> obstacles = container.preflight(options);
        while (!obstacles.isEmpty() && kit.nanoClock().getAsLong() < deadline) {
            if (container.awaitExit(OBSTACLES_PAUSE).isPresent()) {
                return Optional.of("the application ended");
            }
            obstacles = container.preflight(options);
        }
        return obstacles.isEmpty()
                ? Optional.empty()
                : Optional.of(obstacles.stream().map(Obstacle::explained).collect(Collectors.joining("; ")));
    }

    private Outcome condemned(SnapshotKey key, String reason) {
        condemn(key, reason);
        return new Outcome.Failed(RefusalCode.FORBIDDEN_STATE, reason);
    }

    /// Finds out what became of a snapshot whose completion is in doubt, or sees to it that nothing comes of
    /// it: what stood still for it may go on only then.
    ///
    /// @throws ConsensusException the doubt, if that cannot be had
    private Outcome endDoubt(Making making, ConsensusException doubt) {
        long until = kit.nanoClock().getAsLong() + DOUBT_MAX.toNanos();
        while (kit.nanoClock().getAsLong() < until) {
            try {
                Optional<Outcome> decided = decided(making);
                if (decided.isPresent()) {
                    return decided.get();
                }
            } catch (ConsensusException again) {
                LOG.debug("still in doubt: key={} reason={}", making.key(), again.getMessage());
            }
        }
        making.cut().kept.leaveInDoubt();
        throw doubt;
    }

    private Optional<Outcome> decided(Making making) {
        if (!kit.ledger().catchUp(DOUBT_LOOK)) {
            return Optional.empty();
        }
        Optional<Versioned<SnapshotKey, SnapshotEntry>> found =
                kit.ledger().reader().get(SnapshotCatalogs.SNAPSHOTS, making.key());
        String failed = "the ledger did not answer in time";
        return switch (found.map(known -> known.value().state()).orElse(null)) {
            case null -> Optional.of(new Outcome.Failed(RefusalCode.NOT_FOUND, failed));
            case SnapshotState.Condemned _ ->
                Optional.of(new Outcome.Failed(RefusalCode.FORBIDDEN_STATE, failed));
            case SnapshotState.Ready _ -> {
                making.cut().kept.named(found.orElseThrow().version());
                yield Optional.of(new Outcome.Made(making.key()));
            }
            case SnapshotState.Making _ -> {
                GridReply _ = kit.ledger().propose(new SnapshotCommand.Condemn(
                        making.key(), failed, ExpectedVersion.of(found.orElseThrow().version())));
                yield Optional.empty();
            }
        };
    }

    /// Takes a snapshot out of use; a failure to say so is no reason to fail what follows.
    void condemn(SnapshotKey key, String reason) {
        String printable = reason.replaceAll("\\p{Cntrl}", " ");
        String text = printable.substring(0, Math.min(printable.length(), REASON_CHARS_MAX));
        try {
            GridReply reply =
                    kit.ledger().propose(new SnapshotCommand.Condemn(key, text, ExpectedVersion.ANY));
            LOG.warn("condemned a snapshot: key={} reason={} reply={}", key, text,
                    reply instanceof GridReply.Refused refused ? refused.message() : "accepted");
        } catch (ConsensusException unavailable) {
            LOG.warn("a snapshot could not be condemned: key={} reason={} cause={}", key, text,
                    unavailable.getMessage());
        }
    }

    private void release(String lease, String holder, FencingToken token) {
        try {
            kit.ledger().propose(new LeaseCommand.Release(lease, holder, token));
        } catch (ConsensusException unavailable) {
            LOG.debug("a maker's lease runs out by itself: lease={} cause={}", lease,
                    unavailable.getMessage());
        }
    }

    /// A name that fits the catalog of leases, whatever the application is called.
    static String leaseOf(MakerKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.toString().getBytes(UTF_8));
            return "snapshot-maker/" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
