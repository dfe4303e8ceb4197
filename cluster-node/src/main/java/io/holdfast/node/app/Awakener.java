package io.holdfast.node.app;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.HostClass;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerLog;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.node.snapshot.SnapshotDamagedException;
import io.holdfast.node.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings instances to life: from the newest snapshot that fits this host, or cold, and then saved before
/// the first request if the policy says so. Concurrent; blocks.
final class Awakener {
    private static final Logger LOG = LoggerFactory.getLogger(Awakener.class);
    private static final Duration RESTORE_WITHIN = Duration.ofSeconds(30);
    /// What a first request waits for hosts to store the memory that was saved before it.
    private static final Duration STORED_WITHIN = Duration.ofSeconds(3);

    private static final Duration MAKER_POLL = Duration.ofMillis(200);

    private final HostKit kit;
    private final SnapshotMaker maker;
    private final FrozenPool pool;
    private final ReadinessProbe probe;
    /// As many restores at once as there are processors: more only take them from each other.
    private final Semaphore restoring =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()), true);
    private final SecureRandom random = new SecureRandom();

    /// An instance that is ready.
    ///
    /// @param snapshot what it was restored from
    /// @param kind how it came to life
    /// @param note what else is to be said about that; empty for nothing
    record Awake(Container container, Optional<SnapshotKey> snapshot, StartKind kind, String note) {
        Awake(Container container, Optional<SnapshotKey> snapshot, StartKind kind) {
            this(container, snapshot, kind, "");
        }
    }

    /// Who wants the instance, and whether the slot is this node's.
    ///
    /// @param isUnwanted whether to give up; does not wait
    /// @param mayGoOn whether what was made may go on or something may be begun that others could see;
    ///     waits until that is known
    record Leave(BooleanSupplier isUnwanted, BooleanSupplier mayGoOn) {
        /// For what stays still.
        static final Leave GIVEN = new Leave(() -> false, () -> true);
    }

    /// What the instance is to be, found out once per start.
    private record Plan(
            PlacementKey slot,
            ApplicationSpec spec,
            ResolvedRoot root,
            LayerDigest fingerprint,
            Optional<HostClass> hostClass,
            StartVolumes volumes,
            Leave leave) {
        ApplicationKey application() {
            return slot.application();
        }
    }

    Awakener(HostKit kit, SnapshotMaker maker, FrozenPool pool) {
        this.kit = kit;
        this.maker = maker;
        this.pool = pool;
        this.probe = new ReadinessProbe(kit.nanoClock());
    }

    /// Brings the instance of a slot to life.
    Awake awake(PlacementKey slot, ApplicationEntry entry, ApplicationSpec spec, Leave leave)
            throws StartFailedException {
        Plan plan = planOf(slot, spec, leave);
        pool.noteUse(plan.application());
        try {
            Optional<Awake> restored = restoreNewest(plan, entry);
            if (restored.isEmpty() && mustWaitForMaker(plan)) {
                awaitMaker(plan);
                restored = restoreNewest(plan, entry);
            }
            return restored.isPresent() ? restored.get() : startCold(plan);
        } catch (ContainerException failure) {
            throw new StartFailedException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private Plan planOf(PlacementKey slot, ApplicationSpec spec, Leave leave)
            throws StartFailedException {
        ResolvedRoot root = kit.roots().resolve(spec.root());
        Optional<HostClass> hostClass =
                kit.runtime().capabilities().compatibility().map(Specifications::hostClassOf);
        StartVolumes volumes =
                new StartVolumes(kit.volumes(), Specifications.volumesOf(spec, root, slot));
        return new Plan(
                slot, spec, root, Specifications.fingerprintOf(spec, root), hostClass, volumes, leave);
    }

    private Plan planOf(ApplicationKey application, ApplicationSpec spec) throws StartFailedException {
        return planOf(new PlacementKey(application, 0), spec, Leave.GIVEN);
    }

    /// What the next start of an application would go on from.
    Optional<SnapshotKey> nextSnapshot(ApplicationKey application, ApplicationEntry entry)
            throws StartFailedException {
        // Nothing stands ready for what has volumes: they are mounted for one instance at a time.
        if (entry.spec().isEmpty() || Specifications.hasVolumes(entry.spec().get())) {
            return Optional.empty();
        }
        return candidates(planOf(application, entry.spec().get()), entry).stream()
                .map(Versioned::key)
                .findFirst();
    }

    /// Restores a copy that stands still, for a start to come; empty if there is nothing to restore from.
    Optional<FrozenPool.Copy> freezeCopy(ApplicationKey application, ApplicationEntry entry)
            throws StartFailedException {
        Plan plan = planOf(application, entry.spec().orElseThrow());
        if (Specifications.hasVolumes(plan.spec())) {
            return Optional.empty();
        }
        for (Versioned<SnapshotKey, SnapshotEntry> next : candidates(plan, entry)) {
            Optional<Container> container = restore(plan, next, true);
            if (container.isPresent()) {
                return Optional.of(new FrozenPool.Copy(
                        container.get(),
                        next.key(),
                        plan.fingerprint(),
                        container.get().memory()));
            }
        }
        return Optional.empty();
    }

    /// Lets a frozen copy go on; empty if there is none that works.
    private Optional<Awake> thawCopy(Plan plan, SnapshotKey key) {
        Optional<Container> copy = pool.take(key, plan.fingerprint());
        if (copy.isEmpty()) {
            return Optional.empty();
        }
        if (!plan.leave().mayGoOn().getAsBoolean()) {
            kit.runtime().remove(copy.get().id());
            return Optional.empty();
        }
        try {
            // It was ready when it was saved and has done nothing since: nobody asks it before the request.
            copy.get().thaw();
            return Optional.of(new Awake(copy.get(), Optional.of(key), StartKind.THAWED));
        } catch (ContainerException failure) {
            LOG.warn("a frozen copy did not go on: snapshot={} reason={}", key, failure.getMessage());
            kit.runtime().remove(copy.get().id());
            return Optional.empty();
        }
    }

    /// The draft of a snapshot of what runs in a slot now; absent if this host can make none.
    Optional<SnapshotDraft> draftOf(ApplicationSpec spec, SnapshotOrigin origin, Optional<String> parent)
            throws StartFailedException {
        ResolvedRoot root = kit.roots().resolve(spec.root());
        LayerDigest fingerprint = Specifications.fingerprintOf(spec, root);
        return kit.runtime().capabilities().compatibility().map(compatibility -> new SnapshotDraft(
                fingerprint, Specifications.hostClassOf(compatibility), parent, 0, origin,
                        Optional.of(spec)));
    }

    private Optional<Awake> restoreNewest(Plan plan, ApplicationEntry entry) throws StartFailedException {
        for (Versioned<SnapshotKey, SnapshotEntry> candidate : candidates(plan, entry)) {
            Optional<Awake> thawed = thawCopy(plan, candidate.key());
            if (thawed.isPresent()) {
                return thawed;
            }
            requireWanted(plan);
            Optional<Container> container = restore(plan, candidate, false);
            if (container.isPresent()) {
                Optional<String> unready = probe.await(
                        container.get(), plan.spec().probe(), plan.spec().port(), plan.leave().isUnwanted());
                if (unready.isEmpty()) {
                    return Optional.of(
                            new Awake(container.get(), Optional.of(candidate.key()), StartKind.RESTORED));
                }
                kit.runtime().remove(container.get().id());
                if (plan.leave().isUnwanted().getAsBoolean()) {
                    throw new StartFailedException(unready.get());
                }
                maker.condemn(candidate.key(), "restored, it did not become ready: " + unready.get());
            }
        }
        return Optional.empty();
    }

    /// Ready snapshots that fit, the best first: the one that was asked for, then the newest.
    private List<Versioned<SnapshotKey, SnapshotEntry>> candidates(Plan plan, ApplicationEntry entry) {
        Comparator<Versioned<SnapshotKey, SnapshotEntry>> asked = Comparator.comparing(
                snapshot -> !entry.base().equals(Optional.of(snapshot.key().name())));
        return kit.catalog().snapshots(plan.application()).stream()
                .filter(snapshot -> snapshot.value().state() instanceof SnapshotState.Ready)
                .filter(snapshot -> snapshot.value().stored().isPresent())
                .filter(snapshot -> snapshot.value().image().equals(plan.fingerprint()))
                .filter(snapshot -> plan.hostClass().equals(Optional.of(snapshot.value().hostClass())))
                .filter(snapshot -> Specifications.coversVolumes(snapshot.value(), plan.spec()))
                .sorted(asked.thenComparing(
                        Comparator.<Versioned<SnapshotKey, SnapshotEntry>>comparingLong(
                                        snapshot -> snapshot.value().createdMillis())
                                .thenComparingLong(Versioned::version)
                                .reversed()))
                .toList();
    }

    /// Restores one; empty if it cannot be, which is said in the catalog if it is the snapshot's fault.
    private Optional<Container> restore(
            Plan plan, Versioned<SnapshotKey, SnapshotEntry> snapshot, boolean staysFrozen)
            throws StartFailedException {
        SnapshotKey key = snapshot.key();
        StoredImage stored = snapshot.value().stored().orElseThrow();
        if (Specifications.hasVolumes(plan.spec())) {
            requireSlot(plan); // Mounting them takes them from others.
        }
        try (SnapshotStore.OpenSnapshot open = kit.snapshots().open(key, stored)) {
            Optional<Map<String, Path>> volumes = plan.volumes().mountAsOf(key, snapshot.value());
            if (volumes.isEmpty()) {
                return Optional.empty();
            }
            ContainerSpec spec =
                    Specifications.containerOf(plan.spec(), plan.root(), newId(plan.slot()), volumes.get());
            RestoreRequest request = new RestoreRequest(
                    spec, open.folder(), stored.manifest().value(), RestoreRequest.Way.FAST, staysFrozen,
                            RESTORE_WITHIN, staysFrozen ? circleOf(plan) : Optional.empty(),
                            plan.leave().mayGoOn());
            return restoreOrTryAgain(request, plan, snapshot);
        } catch (SnapshotDamagedException damaged) {
            maker.condemn(key, "damaged: " + damaged.getMessage());
        } catch (IOException failure) {
            LOG.warn("a snapshot is out of reach: key={} reason={}", key, failure.getMessage());
        } catch (ContainerException failure) {
            switch (failure.kind()) {
                case IMAGE_CORRUPT, IMAGE_UNFIT, FAILED, OBSTACLES ->
                    maker.condemn(key, "it could not be restored: " + failure.getMessage());
                case UNSUPPORTED, INVALID_REQUEST, WRONG_STATE ->
                    LOG.warn("a snapshot was not restored: key={} reason={}", key, failure.getMessage());
            }
        }
        return Optional.empty();
    }

    private Optional<Container> restoreOrTryAgain(
            RestoreRequest request, Plan plan, Versioned<SnapshotKey, SnapshotEntry> snapshot)
            throws StartFailedException {
        PlacementKey slot = plan.slot();
        try {
            return Optional.of(restoreInTurn(request));
        } catch (ContainerException failure) {
            if (failure.kind() != ContainerException.Kind.FAILED) {
                throw failure;
            }
            // What has members knows no other way; but a tool that was killed is no snapshot's fault.
            RestoreRequest.Way way = request.spec().isGroup()
                    ? RestoreRequest.Way.FAST
                    : RestoreRequest.Way.CAREFUL;
            LOG.warn("a restore failed, trying again: slot={} way={} reason={}", slot, way,
                    failure.getMessage());
            if (plan.volumes().mountAsOf(snapshot.key(), snapshot.value()).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(restoreInTurn(request.withId(newId(slot)).withWay(way)));
        }
    }

    /// Among whom a copy may share memory: those of its tenant. One copy alone has nobody to share with.
    private static Optional<String> circleOf(Plan plan) {
        SnapshotPolicy policy = plan.spec().snapshots();
        return policy.keepsApart() || policy.poolCount() < 2
                ? Optional.empty()
                : Optional.of(plan.application().tenant());
    }

    private Container restoreInTurn(RestoreRequest request) throws StartFailedException {
        try {
            restoring.acquire();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("this node is stopping", stopping);
        }
        try {
            return kit.runtime().restore(request);
        } finally {
            restoring.release();
        }
    }

    /// Nothing is begun in a slot that may be another's by now.
    private static void requireWanted(Plan plan) throws StartFailedException {
        if (plan.leave().isUnwanted().getAsBoolean()) {
            throw new StartFailedException("it is no longer wanted, or this node is not sure of its lease");
        }
    }

    /// Waits until the ledger has given the slot.
    private static void requireSlot(Plan plan) throws StartFailedException {
        if (!plan.leave().mayGoOn().getAsBoolean()) {
            throw new StartFailedException("the slot is not this node's, or it is no longer wanted");
        }
    }

    private Awake startCold(Plan plan) throws StartFailedException {
        requireSlot(plan);
        ContainerSpec spec = Specifications.containerOf(
                plan.spec(), plan.root(), newId(plan.slot()), plan.volumes().mount());
        Container container = kit.runtime().start(spec);
        Optional<String> unready =
                probe.await(container, plan.spec().probe(), plan.spec().port(), plan.leave().isUnwanted());
        if (unready.isPresent()) {
            String output = tailOf(container);
            kit.runtime().remove(container.id());
            throw new StartFailedException(unready.get() + (output.isEmpty() ? "" : "; it wrote: " + output));
        }
        if (wantsFirstSnapshot(plan)) {
            makeFirst(plan, container);
        }
        return new Awake(container, Optional.empty(), StartKind.COLD, plan.volumes().note());
    }

    private static String tailOf(Container container) {
        if (!container.spec().isGroup()) {
            return tailOf(container.log());
        }
        return container.spec().members().stream()
                .map(member -> member.name() + ": " + tailOf(container.log(member.name())))
                .filter(said -> !said.endsWith(": "))
                .collect(Collectors.joining("; "));
    }

    private static String tailOf(ContainerLog log) {
        int bytesMax = 300;
        long end = log.endOffset();
        byte[] tail = log.read(Math.max(0, end - bytesMax), bytesMax).bytes();
        return new String(tail, java.nio.charset.StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
    }

    private void makeFirst(Plan plan, Container container) {
        SnapshotDraft draft = new SnapshotDraft(
                plan.fingerprint(),
                plan.hostClass().orElseThrow(),
                Optional.empty(),
                0,
                SnapshotOrigin.FIRST_REQUEST,
                Optional.of(plan.spec()));
        Optional<SnapshotMaker.Outcome> outcome = maker.makeWithin(
                STORED_WITHIN,
                container,
                new SnapshotMaker.Wish(
                        plan.application(), Optional.empty(), draft, CheckpointOptions.DEFAULT,
                        Optional.empty()));
        switch (outcome.orElse(null)) {
            case null -> {
                // Its memory is saved, and the request does not wait for hosts that are slow to store it.
            }
            case SnapshotMaker.Outcome.Made _ -> {
                // The catalog knows it.
            }
            case SnapshotMaker.Outcome.MadeElsewhere elsewhere ->
                LOG.debug("another makes the snapshot: slot={} reason={}", plan.slot(), elsewhere.reason());
            case SnapshotMaker.Outcome.Failed failed ->
                LOG.warn("started without a snapshot: slot={} reason={}", plan.slot(), failed.reason());
        }
    }

    /// Whether there is none that fits, and none whose making failed: that is not tried with every start.
    private boolean wantsFirstSnapshot(Plan plan) {
        return plan.spec().snapshots().moment() == SnapshotPolicy.Moment.FIRST_REQUEST
                // It would be of no use as soon as the first request has written something.
                && !Specifications.hasVolumes(plan.spec())
                && plan.hostClass().isPresent()
                && kit.catalog().snapshots(plan.application()).stream()
                        .noneMatch(snapshot -> snapshot.value().image().equals(plan.fingerprint())
                                && plan.hostClass().equals(Optional.of(snapshot.value().hostClass()))
                                && isFirstOrReady(snapshot.value()));
    }

    private static boolean isFirstOrReady(SnapshotEntry snapshot) {
        return snapshot.state() instanceof SnapshotState.Ready
                || (snapshot.origin() == SnapshotOrigin.FIRST_REQUEST
                        && snapshot.state() instanceof SnapshotState.Condemned);
    }

    /// Whether another instance makes the snapshot that this one could go on from.
    private boolean mustWaitForMaker(Plan plan) {
        return plan.spec().snapshots().moment() == SnapshotPolicy.Moment.FIRST_REQUEST
                && plan.spec().snapshots().whileMaking() == SnapshotPolicy.WhileMaking.WAIT
                && isBeingMade(plan);
    }

    private boolean isBeingMade(Plan plan) {
        return kit.catalog().snapshots(plan.application()).stream()
                .anyMatch(snapshot -> snapshot.value().state() instanceof SnapshotState.Making
                        && snapshot.value().image().equals(plan.fingerprint())
                        && plan.hostClass().equals(Optional.of(snapshot.value().hostClass())));
    }

    private void awaitMaker(Plan plan) throws StartFailedException {
        long deadline = kit.nanoClock().getAsLong()
                + Duration.ofMillis(plan.spec().probe().patienceMillis()).toNanos();
        while (isBeingMade(plan) && !plan.leave().isUnwanted().getAsBoolean() && kit.nanoClock()
                .getAsLong() < deadline) {
            try {
                kit.ledger().awaitBeyond(kit.ledger().appliedIndex(), MAKER_POLL);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new StartFailedException("this node is stopping", interrupted);
            }
        }
    }

    /// Never used twice: the runtime keeps a container's name for ever.
    private ContainerId newId(PlacementKey slot) {
        String name = slot.application().name().replaceAll("[^a-z0-9]", "");
        String shortName = name.substring(0, Math.min(name.length(), 16));
        return new ContainerId("a" + shortName + "-" + Long.toString(random.nextLong(1L << 60), 36));
    }
}
