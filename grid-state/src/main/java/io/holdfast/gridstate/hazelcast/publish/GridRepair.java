package io.holdfast.gridstate.hazelcast.publish;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import java.util.BitSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares the grid with the ledger and mends it, on the node that holds the leader's lease. One per node.
///
/// What is to be compared is guarded by the object's monitor; the comparison itself runs on the repair's own
/// thread. A request on a node that does not lead is forgotten: whoever leads next compares everything.
public final class GridRepair implements AutoCloseable {
    /// A comparison without any reason, against what nobody has thought of.
    static final long UNPROMPTED_MILLIS = 300_000;

    private static final long IDLE_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 500;
    private static final long STOP_MILLIS_MAX = 15_000;
    private static final Logger LOG = LoggerFactory.getLogger(GridRepair.class);

    private final Grid grid;
    private final ReplicatedLog log;
    private final LongSupplier nanoClock;
    private final Wakeup wakeup = new Wakeup();
    private final Wakeup breath = new Wakeup();
    private final GridAudit audit;
    private final BitSet requested = new BitSet();
    private final LongAdder comparisons = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder partitionsLost = new LongAdder();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean comparing;
    private volatile AuditReport total = AuditReport.NONE;
    private long comparedNanos;

    public GridRepair(Grid grid, ReplicatedLog log, LongSupplier nanoClock) {
        this.grid = grid;
        this.log = log;
        this.nanoClock = nanoClock;
        this.comparedNanos = nanoClock.getAsLong();
        this.audit = new GridAudit(grid, log::holdsLeaderLease, this::breathe);
        this.thread = Thread.ofPlatform().daemon().name("grid-repair").unstarted(this::run);
        grid.maps().onPartitionLost(this::requestPartition);
        grid.onMembers(_ -> requestAll());
    }

    public void start() {
        thread.start();
    }

    /// Something happened to the grid as a whole.
    public void requestAll() {
        synchronized (requested) {
            requested.set(0, grid.maps().partitionCount());
        }
        wakeup.signal();
    }

    /// No copy of a partition is left.
    public void requestPartition(int partition) {
        partitionsLost.increment();
        LOG.warn("a grid partition was lost and is published anew by the leader: partition={}", partition);
        synchronized (requested) {
            requested.set(partition);
        }
        wakeup.signal();
    }

    public RepairStatus status() {
        synchronized (requested) {
            return new RepairStatus(
                    comparing,
                    requested.cardinality(),
                    partitionsLost.sum(),
                    comparisons.sum(),
                    failures.sum(),
                    total);
        }
    }

    @Override
    public void close() {
        stopping = true;
        wakeup.signal();
        breath.signal();
        if (thread.isAlive()) {
            try {
                thread.join(STOP_MILLIS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            while (!stopping && grid.isOpen()) {
                doWork();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the grid's repair failed and stops: node leads={}", log.holdsLeaderLease(), e);
        }
    }

    private void doWork() throws InterruptedException {
        if (nanoClock.getAsLong() - comparedNanos >= UNPROMPTED_MILLIS * 1_000_000) {
            comparedNanos = nanoClock.getAsLong();
            requestAll();
        }
        BitSet partitions = takeRequested();
        if (partitions.isEmpty() || !log.holdsLeaderLease()) {
            comparing = false;
            wakeup.await(IDLE_MILLIS);
            return;
        }
        try {
            AuditReport report = audit.compare(log.store(), partitions);
            comparisons.increment();
            total = total.plus(report);
            comparedNanos = nanoClock.getAsLong();
            if (!report.isClean()) {
                LOG.warn("the grid differed from the ledger: missing={} stale={} surplus={} repaired={}",
                        report.missing(), report.stale(), report.surplus(), report.repaired());
            }
        } catch (GridUnavailableException | HazelcastException | HazelcastInstanceNotActiveException e) {
            failures.increment();
            putBack(partitions);
            if (!stopping && grid.isOpen()) {
                LOG.info("comparing the grid failed, tried again: retryMillis={} cause={}",
                        RETRY_MILLIS, e.toString());
                breath.await(RETRY_MILLIS);
            }
        } finally {
            comparing = false;
        }
    }

    private BitSet takeRequested() {
        synchronized (requested) {
            BitSet taken = (BitSet) requested.clone();
            requested.clear();
            comparing = true;
            return taken;
        }
    }

    private void putBack(BitSet partitions) {
        synchronized (requested) {
            requested.or(partitions);
        }
    }

    private void breathe(long millis) throws InterruptedException {
        breath.await(millis);
        if (stopping) {
            throw new GridUnavailableException("the grid is closing");
        }
    }
}
