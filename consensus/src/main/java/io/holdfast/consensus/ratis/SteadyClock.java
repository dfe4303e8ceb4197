package io.holdfast.consensus.ratis;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The time that a leader stamps entries with. It begins as the wall clock, goes on as the monotonic clock
/// does, and approaches the wall clock at half a percent: a wall clock that is set while the process runs
/// does not end leases early, nor keep them for long. Concurrent.
public final class SteadyClock implements InstantSource {
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
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
