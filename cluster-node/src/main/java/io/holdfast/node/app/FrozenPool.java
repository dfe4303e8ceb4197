package io.holdfast.node.app;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerMemory;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.hostio.id.LayerDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies of applications that were restored and stand still, so that the next start of one only has to let
/// it go on. A copy holds no slot: whoever takes one has claimed a slot for it. Concurrent, by its lock;
/// containers are removed outside of it.
final class FrozenPool implements AutoCloseable {
    /// Applications of which it is known when they were last started here.
    private static final int USES_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(FrozenPool.class);

    private final ContainerRuntime runtime;
    private final LongSupplier nanoClock;
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final List<Copy> copies = new ArrayList<>();
    private final Map<ApplicationKey, Long> lastUseNanos = new HashMap<>();
    private boolean isClosed;

    /// One copy.
    ///
    /// @param snapshot that it was restored from
    /// @param fingerprint of what it was started with
    /// @param memory that it takes, when that was last looked at
    record Copy(Container container, SnapshotKey snapshot, LayerDigest fingerprint, ContainerMemory memory) {
        /// What it costs the machine beside the others.
        long bytes() {
            return memory.proportionalBytes();
        }

        Copy with(ContainerMemory now) {
            return new Copy(container, snapshot, fingerprint, now);
        }

        ApplicationKey application() {
            return snapshot.application();
        }
    }

    /// @param bytesMax memory of all copies together
    FrozenPool(ContainerRuntime runtime, LongSupplier nanoClock, long bytesMax) {
        this.runtime = runtime;
        this.nanoClock = nanoClock;
        this.bytesMax = bytesMax;
    }

    /// Takes a copy that goes on from exactly this; it stands still yet, and is the caller's.
    Optional<Container> take(SnapshotKey snapshot, LayerDigest fingerprint) {
        lock.lock();
        try {
            for (Copy copy : copies) {
                boolean fits = copy.snapshot().equals(snapshot)
                        && copy.fingerprint().equals(fingerprint)
                        && copy.container().state() != ContainerState.ENDED;
                if (fits) {
                    copies.remove(copy);
                    return Optional.of(copy.container());
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Puts a copy in; one that came too late is removed.
    void put(Copy copy) {
        lock.lock();
        try {
            if (!isClosed) {
                copies.add(copy);
                LOG.info("a frozen copy is ready: snapshot={} container={} bytes={}", copy.snapshot(),
                        copy.container().id(), copy.bytes());
                return;
            }
        } finally {
            lock.unlock();
        }
        remove(copy, "the node is stopping");
    }

    /// An application was started here: more starts of it may follow.
    void noteUse(ApplicationKey application) {
        lock.lock();
        try {
            if (lastUseNanos.size() >= USES_MAX && !lastUseNanos.containsKey(application)) {
                leastRecent(List.copyOf(lastUseNanos.keySet())).ifPresent(lastUseNanos::remove);
            }
            lastUseNanos.put(application, nanoClock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /// Applications that were started here within a while, the latest first.
    List<ApplicationKey> usedWithin(Duration span) {
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            lastUseNanos.values().removeIf(use -> now - use > span.toNanos());
            List<ApplicationKey> used = new ArrayList<>(lastUseNanos.keySet());
            used.sort(Comparator.<ApplicationKey>comparingLong(lastUseNanos::get).reversed());
            return used;
        } finally {
            lock.unlock();
        }
    }

    /// What a further copy of an application takes at first, before anything of it is shared: as much as
    /// another has, for there is no better guess.
    long bytesOf(ApplicationKey application) {
        return copies().stream().filter(copy -> copy.application().equals(application))
                .mapToLong(copy -> copy.memory().residentBytes()).max().orElse(0);
    }

    /// Looks anew at what the copies cost; the kernel shares more of their memory the longer they stand.
    void measure() {
        for (Copy copy : copies()) {
            ContainerMemory now = copy.container().memory();
            lock.lock();
            try {
                copies.replaceAll(known ->
                        known.container().equals(copy.container()) ? known.with(now) : known);
            } finally {
                lock.unlock();
            }
        }
    }

    int count(ApplicationKey application) {
        return (int) copies().stream().filter(copy -> copy.application().equals(application)).count();
    }

    List<Copy> copies() {
        lock.lock();
        try {
            return List.copyOf(copies);
        } finally {
            lock.unlock();
        }
    }

    /// Makes room for a copy of an application, at the cost of those used less recently.
    ///
    /// @return whether there is room
    boolean makeRoom(ApplicationKey application, long bytes) {
        while (true) {
            Copy victim;
            lock.lock();
            try {
                if (copies.stream().mapToLong(Copy::bytes).sum() + bytes <= bytesMax) {
                    return true;
                }
                Optional<ApplicationKey> last = leastRecent(
                        copies.stream().map(Copy::application).distinct().toList());
                if (last.isEmpty() || useOf(last.get()) >= useOf(application)) {
                    return false;
                }
                victim = copies.stream().filter(copy -> copy.application().equals(last.get())).findFirst()
                        .orElseThrow();
                copies.remove(victim);
            } finally {
                lock.unlock();
            }
            remove(victim, "another application needs the memory more");
        }
    }

    private Optional<ApplicationKey> leastRecent(List<ApplicationKey> applications) {
        return applications.stream().min(Comparator.comparingLong(this::useOf));
    }

    private long useOf(ApplicationKey application) {
        return lastUseNanos.getOrDefault(application, Long.MIN_VALUE);
    }

    /// Removes the copies that are of no use any more.
    void removeUnless(Predicate<Copy> isOfUse) {
        for (Copy copy : copies()) {
            if (!isOfUse.test(copy) && withdraw(copy)) {
                remove(copy, "it is of no use any more");
            }
        }
    }

    private boolean withdraw(Copy copy) {
        lock.lock();
        try {
            return copies.removeIf(known -> known.container().equals(copy.container()));
        } finally {
            lock.unlock();
        }
    }

    private void remove(Copy copy, String why) {
        LOG.info("a frozen copy goes: snapshot={} container={} reason={}", copy.snapshot(),
                copy.container().id(), why);
        try {
            runtime.remove(copy.container().id());
        } catch (ContainerException failure) {
            LOG.warn("a frozen copy could not be removed: container={} reason={}", copy.container().id(),
                    failure.getMessage());
        }
    }

    /// Waits a while, or until it is closed. Nobody is woken by a start: a copy that is made at once would
    /// take the processor away from the very request that brought the start about.
    @SuppressWarnings("WaitNotInLoop") // The caller looks again, whatever woke it.
    void awaitClose(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            if (!isClosed) {
                var _ = closed.awaitNanos(patience.toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            closed.signalAll();
        } finally {
            lock.unlock();
        }
        removeUnless(_ -> false);
    }
}
