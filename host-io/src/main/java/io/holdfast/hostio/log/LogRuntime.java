package io.holdfast.hostio.log;

import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.FragmentHolders;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What all logs of a process share: ports, threads, clock, and a pool of batches. Concurrent.
public final class LogRuntime implements AutoCloseable {
    /// Idle batches kept: 48 MiB with parity.
    private static final int POOLED_MAX = 32;

    private final ChunkDirectory directory;
    private final FragmentHolders holders;
    private final LongSupplier nanoClock;
    private final ExecutorService workers;
    private final ScheduledExecutorService timer;
    private final HolderHealth health;
    private final ConcurrentLinkedQueue<LogBatch> pool = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pooled = new AtomicInteger();

    public LogRuntime(ChunkDirectory directory, FragmentHolders holders, LongSupplier nanoClock) {
        this.directory = directory;
        this.holders = holders;
        this.nanoClock = nanoClock;
        this.health = new HolderHealth(nanoClock);
        this.workers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("log-worker-", 0).factory());
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("log-timer").factory());
    }

    public ChunkDirectory directory() {
        return directory;
    }

    public FragmentHolders holders() {
        return holders;
    }

    public HolderHealth health() {
        return health;
    }

    public long nanoTime() {
        return nanoClock.getAsLong();
    }

    /// Runs work that may block, on a thread of its own.
    public Executor workers() {
        return workers;
    }

    /// Runs something short later.
    public void after(long delayNanos, Runnable work) {
        if (!timer.isShutdown()) {
            Future<?> _ = timer.schedule(work, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    /// An empty batch.
    public LogBatch batch() {
        @Nullable LogBatch idle = pool.poll();
        if (idle == null) {
            return new LogBatch();
        }
        pooled.decrementAndGet();
        return idle;
    }

    /// Takes back a batch that is done and whose memory nobody holds.
    public void recycle(LogBatch batch) {
        if (!batch.isStray() && pooled.get() < POOLED_MAX) {
            batch.reset();
            pooled.incrementAndGet();
            pool.add(batch);
        }
    }

    /// Ends the threads; logs must be closed before.
    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdown();
    }
}
