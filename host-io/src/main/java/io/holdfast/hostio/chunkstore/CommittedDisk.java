package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFullException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A disk's store with the thread that commits to it, and one that makes the next segment before it is
/// needed. Neither is ever interrupted. The preparer is confined to the committer thread.
final class CommittedDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedDisk.class);
    /// With fewer free extents than this share of a segment, the next segment is made.
    private static final int LOW_WATER_DIVISOR = 4;

    private final DiskFragmentStore store;
    private final Thread committer;
    private @Nullable Thread preparer;

    private CommittedDisk(DiskFragmentStore store) {
        this.store = store;
        this.committer = Thread.ofPlatform().name("chunkstore-commit " + store.name()).unstarted(this::run);
    }

    static CommittedDisk start(DiskFragmentStore store) {
        CommittedDisk disk = new CommittedDisk(store);
        disk.committer.start();
        return disk;
    }

    private void run() {
        while (store.awaitWork()) {
            store.commit();
            int lowWater = store.segments().geometry().extentsPerSegment() / LOW_WATER_DIVISOR;
            boolean idle = preparer == null || !preparer.isAlive();
            if (idle && store.segments().freeExtents() <= lowWater) {
                preparer = Thread.ofPlatform()
                        .name("chunkstore-prepare " + store.name())
                        .start(this::prepare);
            }
        }
        if (preparer != null) {
            join(preparer);
        }
    }

    private void prepare() {
        try {
            store.segments().addSegment();
        } catch (DiskFullException full) {
            LOG.debug("no room for another segment: disk={}", store.name(), full);
        } catch (DiskException failure) {
            LOG.warn("no segment could be made: disk={}", store.name(), failure);
        }
    }

    DiskFragmentStore store() {
        return store;
    }

    DiskStatus status() {
        return store.disks().getFirst();
    }

    boolean takesChanges() {
        DiskStatus.State state = status().state();
        return state == DiskStatus.State.SERVING || state == DiskStatus.State.FULL;
    }

    /// Commits what waits, ends the thread and closes the files.
    @Override
    public void close() {
        store.stop();
        join(committer);
        store.close();
    }

    /// Waits even if interrupted: files must not be closed under a thread that uses them.
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
