package io.holdfast.node.app;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.placement.PlacementState;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerExit;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.node.app.Instance.SaveWish;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after one instance from its claim to its end; the thread that runs it owns the instance's phase.
final class InstanceKeeper implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceKeeper.class);

    private static final String WANTED = "a request came, or somebody wants it";
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration STANDING_LOOK_EVERY = Duration.ofSeconds(5);
    /// While this node is not sure of its lease.
    private static final Duration UNSURE_LOOK_EVERY = Duration.ofMillis(50);

    private static final Duration DRAIN_WITHIN = Duration.ofSeconds(15);
    /// What woke for a request answers it before anything is written down or told: on a small host both
    /// would want the same processor.
    private static final Duration UNDISTURBED = Duration.ofMillis(50);

    private static final Duration STOP_GRACE = Duration.ofSeconds(5);
    private static final Duration PAUSE_MIN = Duration.ofMillis(200);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Duration HEALTHY_AFTER = Duration.ofSeconds(10);

    /// How long what sleeps stays in memory before the slot is given back.
    static final Duration ASLEEP_KEPT = Duration.ofMinutes(10);

    /// Failures in a row after which an instance that nobody keeps up is given up.
    private static final int FAILURES_MAX = 5;

    private final Instance instance;
    private final HostKit kit;
    private final Awakener awakener;
    private final SnapshotMaker maker;
    private final InstanceRecords records;
    private final Supplier<Optional<FencingToken>> hostToken;
    private final ApplicationSpec spec;
    private final @Nullable Container adopted;
    private long savedHandled = -1;
    private long readySinceNanos;
    private boolean keepsContainer;

    /// What all keepers share.
    record Tools(
            HostKit kit,
            Awakener awakener,
            SnapshotMaker maker,
            InstanceRecords records,
            Supplier<Optional<FencingToken>> hostToken) {}

    /// @param adopted a container that runs already, as this instance
    InstanceKeeper(Instance instance, ApplicationSpec spec, Tools tools, @Nullable Container adopted) {
        this.instance = instance;
        this.spec = spec;
        this.kit = tools.kit();
        this.awakener = tools.awakener();
        this.maker = tools.maker();
        this.records = tools.records();
        this.hostToken = tools.hostToken();
        this.adopted = adopted;
    }

    @Override
    public void run() {
        try {
            while (instance.phase() != Phase.ENDED) {
                step();
            }
        } catch (InterruptedException stopping) {
            keepsContainer = true;
        } catch (RuntimeException broken) {
            // The outermost frame of the keeper's thread: the instance ends, the node goes on.
            LOG.error("an instance's keeper failed: slot={}", instance.slot(), broken);
        } finally {
            finish();
        }
    }

    private void step() throws InterruptedException {
        if (instance.wantsToEnd()) {
            end("asked to end");
            return;
        }
        switch (instance.phase()) {
            case POISED -> stand();
            case STARTING -> start();
            case READY -> attend();
            case PAUSED -> instance.become(Phase.READY, "nothing stands in the way");
            case ASLEEP -> rest();
            case FAILING -> pause();
            case ENDED -> throw new IllegalStateException("an ended instance takes no step");
        }
    }

    /// One look at an instance whose copy stands ready in the pool.
    private void stand() throws InterruptedException {
        Optional<SaveWish> wish = instance.saveWish();
        if (wish.isPresent()) {
            answerUnchanged(wish.get());
        } else if (instance.isWanted()) {
            instance.become(Phase.STARTING, WANTED);
        } else {
            reportStanding();
            instance.awaitChange(STANDING_LOOK_EVERY, true);
        }
    }

    /// Under each new claim the ledger takes it for one that is starting.
    private void reportStanding() {
        boolean isReported = kit.catalog().placement(instance.slot())
                .filter(placement -> placement.state() instanceof PlacementState.Asleep)
                .isPresent();
        if (!isReported) {
            report(new PlacementState.Asleep(kit.clock().millis(), instance.snapshot().orElseThrow()));
        }
    }

    /// It has done nothing since it was saved.
    private void answerUnchanged(SaveWish wish) {
        SnapshotKey key =
                new SnapshotKey(instance.slot().application(), instance.snapshot().orElseThrow());
        instance.endSaveWish(wish);
        wish.made().complete(key);
    }

    private void start() throws InterruptedException {
        if (!instance.mayRun()) {
            instance.awaitTime(UNSURE_LOOK_EVERY.toNanos());
            return;
        }
        try {
            Container container;
            String note = "";
            if (adopted != null && instance.container()
                    .isEmpty() && adopted.state() != ContainerState.ENDED) {
                adopted.thaw();
                container = adopted;
                instance.takeOver(container, spec.port(), StartKind.ADOPTED, Optional.empty());
            } else {
                Awakener.Awake awake = awake();
                container = awake.container();
                note = awake.note();
            }
            standStillIfUnsure();
            // A request that waits for what only has to go on does not wait for a file: a node that dies
            // before it is written loses the instance as if its host had died.
            boolean isRememberedLater = instance.startKind().goesOn();
            if (!isRememberedLater) {
                remember(container);
            }
            readySinceNanos = kit.nanoClock().getAsLong();
            instance.become(Phase.READY, instance.startKind().label() + note);
            if (isRememberedLater) {
                instance.awaitAnswer(UNDISTURBED);
                remember(container);
            }
            watchExit(container);
            report(new PlacementState.Ready(kit.clock().millis(), instance.snapshot()));
        } catch (StartFailedException | ContainerException failure) {
            if (instance.isGranted()) {
                fail("it could not be started: " + failure.getMessage());
            } else {
                end("the slot was not given to this node");
            }
        }
    }

    private Awakener.Awake awake() throws StartFailedException {
        ApplicationEntry entry = kit.catalog().application(instance.slot().application())
                .orElseThrow(() -> new StartFailedException("the application is gone"));
        Awakener.Awake awake = awakener.awake(
                instance.slot(), entry, spec, new Awakener.Leave(this::isUnwanted, this::mayGoOn));
        instance.takeOver(
                awake.container(), spec.port(), awake.kind(), awake.snapshot().map(SnapshotKey::name));
        savedHandled = awake.snapshot().isPresent() ? instance.handled() : -1;
        return awake;
    }

    /// What takes long to start is given up when the slot may become another's meanwhile.
    private boolean isUnwanted() {
        return instance.wantsToEnd() || hostToken.get().isEmpty();
    }

    /// Waits until the ledger has decided on the slot.
    private boolean mayGoOn() {
        return instance.isGranted() && !isUnwanted();
    }

    /// Whoever lets a container go on calls this afterwards: the lease may have been lost in between, and
    /// the host's thread made only that stand still which ran. It thaws what is fenced when it is sure
    /// again; so the container stands still first, and is called fenced then.
    private void standStillIfUnsure() {
        if (!instance.mayRun()) {
            instance.container().ifPresent(Container::freeze);
            instance.fence(true);
        }
    }

    /// One look at an instance that handles requests.
    private void attend() throws InterruptedException {
        if (instance.hasExited()) {
            onExit();
        } else if (instance.saveWish().isPresent()) {
            fulfil(instance.saveWish().get());
        } else if (isIdle()) {
            putToSleep();
        } else {
            if (kit.nanoClock().getAsLong() - readySinceNanos > HEALTHY_AFTER.toNanos()) {
                instance.forgiveFailures();
            }
            instance.awaitChange(LOOK_EVERY, false);
        }
    }

    private void onExit() throws InterruptedException {
        String how = instance.container().flatMap(Container::exit).map(ContainerExit::explained)
                .orElse("it ended");
        boolean isDone = spec.port() == 0
                && instance.container().flatMap(Container::exit).flatMap(ContainerExit::how)
                        .filter(exit -> exit.isSuccess()).isPresent();
        if (isDone) {
            end("it is done: " + how);
        } else {
            fail(how);
        }
    }

    private boolean isIdle() {
        Scaling scaling = spec.scaling();
        return scaling.idleMillis() > 0
                && instance.slot().slot() >= scaling.countMin()
                && instance.idleSinceNanos()
                        .filter(since -> kit.nanoClock().getAsLong() - since
                                >= Duration.ofMillis(scaling.idleMillis()).toNanos())
                        .isPresent();
    }

    private void putToSleep() throws InterruptedException {
        if (spec.scaling().onIdle() == Scaling.OnIdle.DROP) {
            end("idle");
            return;
        }
        save(new SaveWish(Optional.empty(), SaveWish.After.SLEEP, new CompletableFuture<>()),
                SnapshotOrigin.IDLE);
    }

    private void fulfil(SaveWish wish) throws InterruptedException {
        try {
            save(wish, SnapshotOrigin.ASKED);
        } finally {
            instance.endSaveWish(wish);
        }
    }

    /// Saves the instance while no request is inside; whatever fails, it goes on.
    private void save(SaveWish wish, SnapshotOrigin origin) throws InterruptedException {
        instance.become(Phase.PAUSED, "is being saved");
        if (!instance.awaitEmpty(DRAIN_WITHIN)) {
            goOn(wish, "requests did not end within " + DRAIN_WITHIN.toSeconds() + " s");
            return;
        }
        // What has volumes may have written to them by itself.
        boolean isSavedAlready = origin == SnapshotOrigin.IDLE
                && !Specifications.hasVolumes(spec)
                && instance.snapshot().isPresent()
                && savedHandled == instance.handled();
        if (isSavedAlready) {
            rest(wish, new SnapshotKey(instance.slot().application(), instance.snapshot().get()));
            return;
        }
        report(new PlacementState.Freezing(kit.clock().millis()));
        try {
            SnapshotMaker.Outcome outcome = make(wish, origin);
            switch (outcome) {
                case SnapshotMaker.Outcome.Made made -> rest(wish, made.key());
                case SnapshotMaker.Outcome.MadeElsewhere elsewhere -> goOn(wish, elsewhere.reason());
                case SnapshotMaker.Outcome.Failed failed -> goOn(wish, failed.reason());
            }
        } catch (StartFailedException | ContainerException | ConsensusException failure) {
            goOn(wish, String.valueOf(failure.getMessage()));
        }
    }

    private SnapshotMaker.Outcome make(SaveWish wish, SnapshotOrigin origin) throws StartFailedException {
        Container container = instance.container()
                .orElseThrow(() -> new StartFailedException("it has ended"));
        Optional<String> parent = instance.snapshot()
                .filter(name -> kit.catalog()
                        .snapshot(new SnapshotKey(instance.slot().application(), name))
                        .filter(known -> known.state().label().equals("ready"))
                        .isPresent());
        SnapshotDraft draft = awakener.draftOf(spec, origin, parent)
                .orElseThrow(() -> new StartFailedException("this host can make no snapshots"));
        CheckpointOptions options = wish.after() == SaveWish.After.GO_ON
                ? CheckpointOptions.DEFAULT
                : CheckpointOptions.DEFAULT.withAfter(CheckpointOptions.After.STAY_FROZEN);
        return maker.make(
                container, new SnapshotMaker.Wish(
                        instance.slot().application(), wish.name(), draft, options, volumeUser()));
    }

    private Optional<String> volumeUser() {
        return Specifications.hasVolumes(spec)
                ? Optional.of(instance.slot().toString())
                : Optional.empty();
    }

    /// Lets the processes go on. What stood still on volumes says so first: from then on they are no longer
    /// what the snapshot has.
    private void thaw() throws StartFailedException {
        if (Specifications.hasVolumes(spec)) {
            kit.volumes().goOn(instance.slot().toString());
        }
        letRun();
    }

    private void letRun() {
        instance.container().ifPresent(Container::thaw);
        standStillIfUnsure();
    }

    private void rest(SaveWish wish, SnapshotKey key) throws InterruptedException {
        instance.savedAs(key.name());
        savedHandled = instance.handled();
        instance.container().ifPresent(this::remember);
        switch (wish.after()) {
            case GO_ON -> {
                letRun();
                instance.become(Phase.READY, "saved as " + key.name());
                report(new PlacementState.Ready(kit.clock().millis(), instance.snapshot()));
            }
            case SLEEP -> {
                instance.container().ifPresent(Container::freeze);
                instance.become(Phase.ASLEEP, "saved as " + key.name());
                report(new PlacementState.Asleep(kit.clock().millis(), key.name()));
            }
            case END -> end("saved as " + key.name());
        }
        // Who hears of it may ask for the next one at once.
        instance.endSaveWish(wish);
        wish.made().complete(key);
    }

    private void goOn(SaveWish wish, String why) {
        LOG.warn("an instance was not saved and goes on: slot={} reason={}", instance.slot(), why);
        try {
            thaw();
            instance.become(Phase.READY, "not saved: " + why);
            instance.restartIdleTime();
            report(new PlacementState.Ready(kit.clock().millis(), instance.snapshot()));
        } catch (StartFailedException refused) {
            fail(why + "; " + refused.getMessage());
        }
        instance.endSaveWish(wish);
        wish.made().completeExceptionally(new StartFailedException(why));
    }

    /// One look at an instance that sleeps.
    private void rest() throws InterruptedException {
        Optional<SaveWish> wish = instance.saveWish();
        if (wish.isPresent()) {
            answerUnchanged(wish.get());
        } else if (instance.hasExited()) {
            end("it ended while it slept; its snapshot is kept");
        } else if (instance.isWanted() && !instance.mayRun()) {
            instance.awaitTime(UNSURE_LOOK_EVERY.toNanos());
        } else if (instance.isWanted()) {
            wake();
        } else if (instance.idleSinceNanos()
                .filter(since -> kit.nanoClock().getAsLong() - since > sleepKeptNanos())
                .isPresent()) {
            end("slept long enough; its snapshot is kept");
        } else {
            instance.awaitChange(LOOK_EVERY, true);
        }
    }

    private void wake() throws InterruptedException {
        try {
            thaw();
        } catch (StartFailedException refused) {
            end(String.valueOf(refused.getMessage()));
            return;
        }
        instance.woke();
        instance.become(Phase.READY, WANTED);
        instance.awaitAnswer(UNDISTURBED);
        report(new PlacementState.Ready(kit.clock().millis(), instance.snapshot()));
    }

    private long sleepKeptNanos() {
        return ASLEEP_KEPT.toNanos() + Duration.ofMillis(spec.scaling().idleMillis()).toNanos();
    }

    private void fail(String why) {
        int failures = instance.fail();
        drop();
        instance.become(Phase.FAILING, why);
        String text = why.replaceAll("\\p{Cntrl}", " ");
        report(new PlacementState.Failing(
                kit.clock().millis(), failures, text.substring(0, Math.min(text.length(), 500))));
    }

    /// Waits before the next start, longer each time.
    private void pause() throws InterruptedException {
        int failures = instance.picture().failures();
        boolean isKept = instance.slot().slot() < spec.scaling().countMin();
        if (failures >= FAILURES_MAX && !isKept) {
            end("it failed " + failures + " times in a row: " + instance.picture().reason());
            return;
        }
        Duration pause = PAUSE_MIN.multipliedBy(1L << Math.min(failures - 1, 10));
        long until = kit.nanoClock().getAsLong() + Math.min(pause.toNanos(), PAUSE_MAX.toNanos());
        while (kit.nanoClock().getAsLong() < until && !instance.wantsToEnd()) {
            instance.awaitTime(until - kit.nanoClock().getAsLong());
        }
        if (!instance.wantsToEnd()) {
            instance.become(Phase.STARTING, "tried again after " + failures + " failures, the last: "
                    + instance.picture().reason());
            report(new PlacementState.Starting(kit.clock().millis()));
        }
    }

    private void end(String why) throws InterruptedException {
        if (!instance.awaitEmpty(STOP_GRACE)) {
            LOG.warn("an instance ends with requests inside: slot={}", instance.slot());
        }
        instance.become(Phase.ENDED, why);
    }

    private void drop() {
        removeContainer();
        kit.volumes().release(instance.slot().toString());
    }

    private void removeContainer() {
        Optional<Container> container = instance.giveUp();
        if (container.isEmpty()) {
            return;
        }
        try {
            if (container.get().state() == ContainerState.RUNNING) {
                var _ = container.get().stop(STOP_GRACE);
            }
            kit.runtime().remove(container.get().id());
            records.delete(container.get().id());
        } catch (ContainerException | IOException failure) {
            LOG.warn("a container could not be removed: container={} reason={}", container.get().id(),
                    failure.getMessage());
        }
    }

    private void finish() {
        instance.saveWish().ifPresent(wish ->
                wish.made().completeExceptionally(new StartFailedException("the instance ended")));
        if (keepsContainer) {
            return;
        }
        drop();
        if (!instance.isGranted()) {
            return;
        }
        hostToken.get().ifPresent(token -> {
            try {
                PlacementKey slot = instance.slot();
                GridReply _ = kit.ledger().propose(new ApplicationCommand.Release(slot, kit.node(), token));
            } catch (ConsensusException unavailable) {
                LOG.info("a slot is given back later: slot={} reason={}", instance.slot(),
                        unavailable.getMessage());
            }
        });
    }

    private void remember(Container container) {
        try {
            records.write(container.id(), new InstanceRecords.InstanceRecord(
                    instance.slot(), instance.generation(), instance.snapshot()));
        } catch (IOException failure) {
            LOG.warn("what runs here could not be written down: slot={} reason={}", instance.slot(),
                    failure.getMessage());
        }
    }

    private void watchExit(Container container) {
        Thread.ofVirtual().name("exit-of-" + container.id()).start(() -> {
            while (container.awaitExit(Duration.ofHours(1)).isEmpty()) {
                // It lives on.
            }
            if (instance.container().filter(container::equals).isPresent()) {
                instance.noteExit();
            }
        });
    }

    /// Tells the catalog; a request does not wait for it, and a failure is mended by the next report.
    private void report(PlacementState state) {
        Optional<FencingToken> token = hostToken.get();
        if (token.isEmpty()) {
            return;
        }
        ApplicationCommand.Report report =
                new ApplicationCommand.Report(instance.slot(), kit.node(), token.get(), state);
        try {
            if (kit.ledger().propose(report) instanceof GridReply.Refused refused) {
                LOG.warn("a slot is no longer this node's: slot={} reason={}", instance.slot(),
                        refused.message());
                instance.end("the slot is no longer this node's");
            }
        } catch (ConsensusException unavailable) {
            LOG.debug("a report was lost: slot={} reason={}", instance.slot(), unavailable.getMessage());
        }
    }
}
