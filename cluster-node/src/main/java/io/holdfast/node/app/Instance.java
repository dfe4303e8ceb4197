package io.holdfast.node.app;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.hostio.container.Container;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One slot's instance on this node: its phase, the requests inside it, and what is wished of it. Guarded by
/// its own lock. Its [InstanceKeeper] alone changes the phase.
public final class Instance {
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    private final PlacementKey slot;
    private final long generation;
    private final HostKit kit;
    private final Supplier<Optional<FencingToken>> hostToken;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CompletableFuture<Boolean> granted = new CompletableFuture<>();
    private FencingToken claim;
    private Phase phase;
    private String reason = "claimed";
    private Instant since;
    private @Nullable Container container;
    private int port;
    private StartKind startKind = StartKind.COLD;
    private Optional<String> snapshot = Optional.empty();
    private int inside;
    private long handled;
    private long lastUseNanos;
    private int waiting;
    private boolean isSummoned;
    private int failures;
    private boolean wantsToEnd;
    private boolean hasExited;
    private boolean isFenced;
    private @Nullable SaveWish saveWish;

    /// A wish to save the instance.
    ///
    /// @param name of the snapshot; chosen if absent
    /// @param after what becomes of the instance
    /// @param made completes with the snapshot's key, or exceptionally with a [StartFailedException]
    record SaveWish(Optional<String> name, After after, CompletableFuture<SnapshotKey> made) {
        /// What becomes of an instance that was saved because somebody wished it.
        enum After {
            GO_ON,
            SLEEP,
            END
        }

        /// Whether whoever wishes this has it with this one.
        boolean isMetBy(Optional<String> otherName, After otherAfter) {
            return after != After.GO_ON && after == otherAfter && name.equals(otherName);
        }
    }

    /// What is to be seen of an instance.
    ///
    /// @param phase in lower case
    /// @param since when it entered it
    /// @param reason why
    /// @param inside requests
    /// @param handled requests since the start
    public record Picture(
            PlacementKey slot,
            long generation,
            String phase,
            Instant since,
            String reason,
            StartKind startKind,
            Optional<String> snapshot,
            int inside,
            long handled,
            int failures) {}

    /// @param claim the token under which the slot was claimed
    /// @param hostToken the one that this node has for sure at a moment
    private Instance(
            Claim claim, HostKit kit, Supplier<Optional<FencingToken>> hostToken, Phase first) {
        this.slot = claim.slot();
        this.generation = claim.generation();
        this.claim = claim.token();
        this.kit = kit;
        this.hostToken = hostToken;
        this.phase = first;
        this.since = kit.clock().instant();
        this.lastUseNanos = kit.nanoClock().getAsLong();
    }

    /// A slot that the ledger has given to this node.
    ///
    /// @param token of the lease that it holds as a host
    record Claim(PlacementKey slot, long generation, FencingToken token) {}

    /// One that starts at once.
    static Instance starting(Claim claim, HostKit kit, Supplier<Optional<FencingToken>> hostToken) {
        return new Instance(claim, kit, hostToken, Phase.STARTING);
    }

    /// One that starts when a request comes, from a copy of a snapshot that stands ready.
    static Instance poised(
            Claim claim, HostKit kit, Supplier<Optional<FencingToken>> hostToken, String snapshot) {
        Instance instance = new Instance(claim, kit, hostToken, Phase.POISED);
        instance.savedAs(snapshot);
        return instance;
    }

    public PlacementKey slot() {
        return slot;
    }

    public long generation() {
        return generation;
    }

    /// How it came to be ready.
    public StartKind startKind() {
        return locked(() -> startKind);
    }

    public Picture picture() {
        return locked(() -> new Picture(
                slot, generation, phase.name().toLowerCase(java.util.Locale.ROOT), since, reason, startKind,
                snapshot, inside, handled, failures));
    }

    Phase phase() {
        return locked(() -> phase);
    }

    Optional<Container> container() {
        return locked(() -> Optional.ofNullable(container));
    }

    Optional<String> snapshot() {
        return locked(() -> snapshot);
    }

    // What requests do.

    /// Enters at once, if the instance is ready and has room.
    ///
    /// @param concurrencyMax requests inside at once; 0 for any number
    Optional<Visit> tryEnter(int concurrencyMax) {
        return locked(() -> mayEnter(concurrencyMax) ? Optional.of(enter()) : Optional.empty());
    }

    /// Waits until the instance is ready, wakes it if it sleeps, and enters; empty if it fails or ends
    /// before, this node is not sure of the slot, the time is over, or so many wait already that they fill
    /// it.
    ///
    /// @param mayCrowd whether to wait nevertheless
    Optional<Visit> awaitEntry(int concurrencyMax, boolean mayCrowd, long deadlineNanos)
            throws InterruptedException {
        lock.lock();
        try {
            if (!mayCrowd && !hasRoomFor(concurrencyMax)) {
                return Optional.empty();
            }
            return awaitRoom(concurrencyMax, mayCrowd, deadlineNanos);
        } finally {
            lock.unlock();
        }
    }

    /// Whether one more may enter once those who wait have.
    boolean hasRoomFor(int concurrencyMax) {
        return locked(() -> concurrencyMax == 0 || inside + waiting < concurrencyMax);
    }

    private Optional<Visit> awaitRoom(int concurrencyMax, boolean mayCrowd, long deadlineNanos)
            throws InterruptedException {
        lock.lock();
        waiting++;
        try {
            changed.signalAll();
            long left = deadlineNanos - kit.nanoClock().getAsLong();
            while (!mayEnter(concurrencyMax)) {
                // Who came later may have entered first, and stay for long.
                boolean isFull = concurrencyMax > 0 && inside >= concurrencyMax;
                boolean isTaken = !mayCrowd && isFull && phase == Phase.READY;
                if (phase == Phase.ENDED || phase == Phase.FAILING || isFenced || isTaken || left <= 0) {
                    return Optional.empty();
                }
                changed.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
                left = deadlineNanos - kit.nanoClock().getAsLong();
            }
            return Optional.of(enter());
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private boolean mayEnter(int concurrencyMax) {
        return phase == Phase.READY
                && !wantsToEnd
                && !isFenced
                && !hasExited
                && saveWish == null
                && (concurrencyMax == 0 || inside < concurrencyMax)
                && isSlotHeld();
    }

    private Visit enter() {
        Container running = container;
        if (running == null) {
            throw new IllegalStateException("an instance is ready without a container: slot=" + slot);
        }
        inside++;
        return new Visit(this, new InetSocketAddress(running.address(), port));
    }

    void leave() {
        act(() -> {
            inside--;
            handled++;
            lastUseNanos = kit.nanoClock().getAsLong();
        });
    }

    // What others wish of it.

    /// Ends it, without saving it.
    void end(String why) {
        act(() -> {
            if (!wantsToEnd) {
                LOG.info("an instance is to end: slot={} reason={}", slot, why);
            }
            wantsToEnd = true;
        });
    }

    boolean wantsToEnd() {
        return locked(() -> wantsToEnd);
    }

    /// Saves it; a second wish while one is being fulfilled is refused, unless it is for the same rest or
    /// end: who asks again because no answer came meets their own first wish.
    CompletableFuture<SnapshotKey> save(Optional<String> name, SaveWish.After after) {
        Optional<SaveWish> known = saveWish().filter(wish -> wish.isMetBy(name, after));
        if (known.isPresent()) {
            return known.get().made();
        }
        CompletableFuture<SnapshotKey> made = new CompletableFuture<>();
        act(() -> {
            boolean canBeSaved = phase == Phase.READY || phase == Phase.ASLEEP || phase == Phase.POISED;
            if (saveWish != null || !canBeSaved) {
                made.completeExceptionally(new StartFailedException(
                        "it cannot be saved now: slot=" + slot + " phase=" + phase + " reason=" + reason));
            } else {
                saveWish = new SaveWish(name, after, made);
            }
        });
        return made;
    }

    /// Lets no request in while this node is not sure that the slot is its own.
    void fence(boolean isOn) {
        act(() -> isFenced = isOn);
    }

    boolean isFenced() {
        return locked(() -> isFenced);
    }

    /// Whether what runs in it may run at this moment: this node is sure of the slot.
    boolean mayRun() {
        return locked(() -> !isFenced && isSlotHeld());
    }

    /// Called with the lock held. A lease under another token is no answer: the slot may have been another
    /// node's in between.
    private boolean isSlotHeld() {
        return hostToken.get().equals(Optional.of(claim));
    }

    /// The token under which its slot was claimed last.
    FencingToken claim() {
        return locked(() -> claim);
    }

    void claimedUnder(FencingToken token) {
        act(() -> claim = token);
    }

    /// The ledger has given the slot to this node, or has not.
    void grant(boolean isGranted) {
        if (!isGranted) {
            end("the slot was not given to this node");
        }
        granted.complete(isGranted);
    }

    // What its keeper does.

    /// Whether the slot was given to this node; waits until that is known.
    boolean isGranted() {
        return granted.join();
    }

    Optional<SaveWish> saveWish() {
        return locked(() -> Optional.ofNullable(saveWish));
    }

    /// The wish is no more, if it is the one that there was: another may be had from now on.
    void endSaveWish(SaveWish wish) {
        act(() -> {
            if (wish.equals(saveWish)) {
                saveWish = null;
            }
        });
    }

    void noteExit() {
        act(() -> hasExited = true);
    }

    boolean hasExited() {
        return locked(() -> hasExited);
    }

    /// Whether a request waits for it, or somebody wants it to go on without one.
    boolean isWanted() {
        return locked(this::isWantedNow);
    }

    /// Called with the lock held.
    private boolean isWantedNow() {
        return waiting > 0 || isSummoned;
    }

    /// Lets one that stands still go on as for a request; false if it does not stand still.
    boolean summon() {
        lock.lock();
        try {
            boolean standsStill = phase == Phase.POISED || phase == Phase.ASLEEP;
            if (standsStill) {
                isSummoned = true;
                lastUseNanos = kit.nanoClock().getAsLong();
                changed.signalAll();
            }
            return standsStill;
        } finally {
            lock.unlock();
        }
    }

    long handled() {
        return locked(() -> handled);
    }

    /// Since when no request is inside; empty while one is.
    Optional<Long> idleSinceNanos() {
        return locked(() -> inside == 0 && waiting == 0 ? Optional.of(lastUseNanos) : Optional.empty());
    }

    /// Takes over a container that is ready.
    void takeOver(Container ready, int listensOn, StartKind kind, Optional<String> from) {
        act(() -> {
            container = ready;
            port = listensOn;
            startKind = kind;
            snapshot = from;
            hasExited = false;
            lastUseNanos = kit.nanoClock().getAsLong();
        });
    }

    void savedAs(String name) {
        act(() -> snapshot = Optional.of(name));
    }

    void woke() {
        act(() -> startKind = StartKind.THAWED);
    }

    /// Gives up its container, which the caller removes.
    Optional<Container> giveUp() {
        lock.lock();
        try {
            Optional<Container> given = Optional.ofNullable(container);
            container = null;
            return given;
        } finally {
            lock.unlock();
        }
    }

    int fail() {
        return locked(() -> ++failures);
    }

    void forgiveFailures() {
        act(() -> failures = 0);
    }

    void become(Phase next, String why) {
        Phase before;
        int requests;
        lock.lock();
        try {
            before = phase;
            requests = inside;
            if (!before.mayBecome(next)) {
                throw new IllegalStateException(
                        "no such step: slot=" + slot + " from=" + before + " to=" + next + " reason=" + why);
            }
            phase = next;
            reason = why;
            isSummoned = false;
            since = kit.clock().instant();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        // Afterwards, for a request may wait for just this step.
        LOG.info("instance: {} -> {}, {}, slot={} inside={}", before, next, why, slot, requests);
    }

    /// Waits until no request is inside; false if that takes too long.
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (inside > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return inside == 0;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until a request has left, something else is wanted, or the time is over.
    void awaitAnswer(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long before = handled;
            long left = patience.toNanos();
            while (handled == before && !wantsToEnd && !hasExited && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Begins to count anew how long it has been idle.
    void restartIdleTime() {
        act(() -> lastUseNanos = kit.nanoClock().getAsLong());
    }

    /// Waits until something changes or the time is over.
    @SuppressWarnings("WaitNotInLoop") // The caller looks again, whatever woke it.
    void awaitTime(long nanos) throws InterruptedException {
        lock.lock();
        try {
            var _ = changed.awaitNanos(nanos);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until something is to be done or the time is over.
    ///
    /// @param heedsRequests whether a request that waits is something to do
    @SuppressWarnings("WaitNotInLoop") // The caller looks again, whatever woke it.
    void awaitChange(Duration patience, boolean heedsRequests) throws InterruptedException {
        lock.lock();
        try {
            boolean isQuiet =
                    !wantsToEnd && !hasExited && saveWish == null && !(heedsRequests && isWantedNow());
            if (isQuiet) {
                var _ = changed.awaitNanos(patience.toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    private void act(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
