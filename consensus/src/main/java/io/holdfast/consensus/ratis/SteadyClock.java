package io.holdfast.consensus.ratis;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A group's time on this host. It begins as the wall clock, or as the ledger's last time if that is later,
/// and goes on as the monotonic clock does. A follower's is set by each entry of its leader, so that it goes
/// on with the former leader's time when it leads; a leader's approaches the wall clock at half a percent.
/// So no wall clock that is set, nor one of a host that comes to lead, ends leases early or keeps them for
/// long. Concurrent.
public final class SteadyClock implements LedgerClock {
    private static final int APPROACH_PART = 200;
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final LongSupplier nanoClock;
    private final LongSupplier wallMillis;
    private long readNanos;
    private long steadyNanos;

    /// @param nanoClock monotonic, in nanoseconds
    /// @param wallMillis milliseconds since 1970
    SteadyClock(LongSupplier nanoClock, LongSupplier wallMillis) {
        this.nanoClock = nanoClock;
        this.wallMillis = wallMillis;
        this.readNanos = nanoClock.getAsLong();
        this.steadyNanos = wallMillis.getAsLong() * NANOS_PER_MILLI;
    }

    /// This host's clocks.
    public static SteadyClock ofThisHost() {
        return new SteadyClock(System::nanoTime, System::currentTimeMillis);
    }

    @Override
    public synchronized long millis() {
        long now = nanoClock.getAsLong();
        long passed = Math.max(0, now - readNanos);
        long step = passed / APPROACH_PART;
        long behind = wallMillis.getAsLong() * NANOS_PER_MILLI - (steadyNanos + passed);
        readNanos = now;
        steadyNanos += passed + Math.clamp(behind, -step, step);
        return steadyNanos / NANOS_PER_MILLI;
    }

    @Override
    public synchronized void follow(long timeMillis) {
        readNanos = nanoClock.getAsLong();
        steadyNanos = timeMillis * NANOS_PER_MILLI;
    }

    @Override
    public synchronized void passed(long timeMillis) {
        if (millis() < timeMillis) {
            follow(timeMillis);
        }
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
