package io.holdfast.node.app;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.hostio.container.ContainerException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the pool of frozen copies filled with what is likely to be started here next: the applications that
/// run here or did lately, each from the snapshot that its next start would take. Confined to its thread.
final class PoolKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(PoolKeeper.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// An application that was not started here for so long is not expected to be.
    private static final Duration EXPECTED_FOR = Duration.ofHours(1);

    /// After a copy could not be made.
    private static final Duration FAILURE_PAUSE = Duration.ofSeconds(30);

    /// A look at a copy of 100 MB takes a millisecond or two.
    private static final Duration MEASURE_EVERY = Duration.ofSeconds(10);

    private final HostKit kit;
    private final AppHost host;
    private final Awakener awakener;
    private final FrozenPool pool;
    private final Map<ApplicationKey, Long> pausedUntilNanos = new HashMap<>();
    private long measuredNanos;

    PoolKeeper(HostKit kit, AppHost host, Awakener awakener, FrozenPool pool) {
        this.kit = kit;
        this.host = host;
        this.awakener = awakener;
        this.pool = pool;
    }

    /// Runs until the pool is closed.
    void run() {
        try {
            while (!pool.isClosed()) {
                pool.awaitClose(LOOK_EVERY);
                if (host.canRun()) {
                    step();
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        try {
            boolean takesPart = host.takesPart();
            pool.removeUnless(copy -> takesPart && isOfUse(copy));
            if (!takesPart) {
                return;
            }
            Set<ApplicationKey> expected = new LinkedHashSet<>(pool.usedWithin(EXPECTED_FOR));
            host.instances().stream()
                    .filter(instance -> instance.phase() != Phase.POISED)
                    .forEach(instance -> expected.add(instance.slot().application()));
            measure();
            for (ApplicationKey application : expected) {
                fill(application);
            }
            claimAhead();
        } catch (ConsensusException | ContainerException failure) {
            LOG.debug("the pool is looked after later: reason={}", failure.getMessage());
        }
    }

    private void measure() {
        long now = kit.nanoClock().getAsLong();
        if (now - measuredNanos >= MEASURE_EVERY.toNanos()) {
            measuredNanos = now;
            pool.measure();
        }
    }

    /// Lets as many slots be held as there are copies for them, if so many are free; gives back those that
    /// have no copy any more.
    private void claimAhead() {
        Map<ApplicationKey, List<FrozenPool.Copy>> copies = pool.copies().stream()
                .collect(Collectors.groupingBy(FrozenPool.Copy::application));
        for (Instance instance : host.instances()) {
            ApplicationKey application = instance.slot().application();
            List<FrozenPool.Copy> own = copies.getOrDefault(application, List.of());
            boolean isPoised = instance.phase() == Phase.POISED && !instance.wantsToEnd();
            if (isPoised && host.poised(application).size() > own.size()) {
                instance.end("its frozen copy is gone");
            }
        }
        copies.forEach((application, own) -> pooled(application).ifPresent(entry -> {
            int missing = own.size() - host.poised(application).size();
            List<PlacementKey> free = missing > 0 ? freeSlots(application, entry) : List.of();
            for (PlacementKey slot : free.subList(0, Math.min(Math.max(missing, 0), free.size()))) {
                host.poise(slot, entry, entry.spec().orElseThrow(), own.getFirst().snapshot().name());
            }
        }));
    }

    /// Those in which nothing has to run, and which nobody seems to hold.
    private List<PlacementKey> freeSlots(ApplicationKey application, ApplicationEntry entry) {
        Scaling scaling = entry.spec().orElseThrow().scaling();
        Set<PlacementKey> taken = kit.catalog().placements(application).stream()
                .filter(placement -> kit.catalog().seemsHeld(placement.value()))
                .map(Versioned::key)
                .collect(Collectors.toSet());
        return IntStream.range(scaling.countMin(), scaling.countMax())
                .mapToObj(slot -> new PlacementKey(application, slot))
                .filter(slot -> !taken.contains(slot) && host.find(slot).isEmpty())
                .toList();
    }

    private Optional<ApplicationEntry> pooled(ApplicationKey application) {
        return kit.catalog().application(application)
                .filter(entry -> !entry.isStopped())
                .filter(entry -> countOf(entry) > 0);
    }

    private static int countOf(ApplicationEntry entry) {
        return entry.spec().map(spec -> spec.snapshots().poolCount()).orElse(0);
    }

    private boolean isOfUse(FrozenPool.Copy copy) {
        try {
            Optional<ApplicationEntry> entry = pooled(copy.application());
            return entry.isPresent()
                    && awakener.nextSnapshot(copy.application(), entry.get()).equals(
                            Optional.of(copy.snapshot()))
                    && pool.count(copy.application()) <= countOf(entry.get());
        } catch (StartFailedException rootless) {
            return false;
        }
    }

    private void fill(ApplicationKey application) {
        Optional<ApplicationEntry> entry = pooled(application);
        long now = kit.nanoClock().getAsLong();
        if (entry.isEmpty() || now < pausedUntilNanos.getOrDefault(application, Long.MIN_VALUE)) {
            return;
        }
        pausedUntilNanos.remove(application);
        try {
            while (pool.count(application) < countOf(entry.get()) && !pool.isClosed()) {
                long bytes = pool.bytesOf(application);
                if (!pool.makeRoom(application, bytes)) {
                    return;
                }
                Optional<FrozenPool.Copy> copy = awakener.freezeCopy(application, entry.get());
                if (copy.isEmpty()) {
                    return;
                }
                pool.put(copy.get());
            }
        } catch (StartFailedException | ContainerException failure) {
            pausedUntilNanos.put(application, now + FAILURE_PAUSE.toNanos());
            LOG.info("no frozen copy: application={} reason={}", application, failure.getMessage());
        }
    }
}
