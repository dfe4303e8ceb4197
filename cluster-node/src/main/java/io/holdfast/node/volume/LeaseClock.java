package io.holdfast.node.volume;

import java.util.function.LongSupplier;

/// How a lease's time is measured on this host: by two clocks, of which the one that says more counts. The
/// monotonic one is never set, but does not count while the host is suspended; the wall clock does.
///
/// @param nanos the monotonic clock
/// @param millis the wall clock
public record LeaseClock(LongSupplier nanos, LongSupplier millis) {
    /// This host's clocks.
    public static LeaseClock ofThisHost() {
        return new LeaseClock(System::nanoTime, System::currentTimeMillis);
    }

    Moment now() {
        return new Moment(nanos.getAsLong(), millis.getAsLong());
    }

    /// What both showed.
    record Moment(long nanos, long millis) {}
}
