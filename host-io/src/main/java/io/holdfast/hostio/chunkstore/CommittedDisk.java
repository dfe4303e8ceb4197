package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFullException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A disk's store with the thread that commits to it, and one now and then that prepares space before it is
/// needed, so that no commit waits for that. Neither is ever interrupted. The preparer is confined to the
/// committer thread.
final class CommittedDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedDisk.class);

    private static final long REST_NANOS_MAX = 50_000_000;

    private final DiskFragmentStore store;
    private final Thread committer;
    private final AtomicBoolean isPreparing = new AtomicBoolean();
    private @Nullable Thread preparer;
    private volatile boolean isClosing;

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
            boolean isChanged = store.commit();
            boolean isDue = store.isWaitingForSpace() || (isChanged && store.segments().wantsPreparation());
            if (isDue && isPreparing.compareAndSet(false, true)) {
                store.segments().forgetRefusal();
                preparer = Thread.ofPlatform()
                        .name("chunkstore-prepare " + store.name())
                        .start(this::prepare);
            }
        }
        if (preparer != null) {
            join(preparer);
        }
    }

    /// Prepares what is due, using the disk for half of the time.
    private void prepare() {
        try {
            long begin = System.nanoTime();
            while (!isClosing && store.segments().prepare()) {
                store.spacePrepared();
                LockSupport.parkNanos(Math.min(System.nanoTime() - begin, REST_NANOS_MAX));
                begin = System.nanoTime();
            }
        } catch (DiskFullException full) {
            LOG.debug("no room for another segment: disk={}", store.name(), full);
        } catch (DiskException failure) {
            LOG.warn("no space could be prepared: disk={}", store.name(), failure);
        } finally {
            isPreparing.set(false);
            store.spacePrepared();
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
        isClosing = true;
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
