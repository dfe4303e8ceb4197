package io.holdfast.hostio.nbd;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// The choice, for one connection, of what the reading thread carries out itself and what gets a thread of
/// its own.
///
/// Itself: what lately took less time than a change of threads costs; and, while the client keeps only one
/// request in flight, what takes up to 10 ms, since then nothing waits behind it. All else gets a thread. The
/// times are running averages of what was measured, so a device that becomes slow is noticed within a few
/// requests, and one that recovers too. Confined to the reading thread, but for [#measured].
final class Pace {
    /// What is averaged apart.
    enum Kind {
        SMALL_READ,
        LARGE_READ,
        SMALL_WRITE,
        LARGE_WRITE,
        DURABLE,
        OTHER
    }

    /// From this length on a read or write counts as large: copying it takes longer than changing threads.
    static final int LARGE_BYTES_MIN = 128 << 10;

    // Handing a request to a thread and its reply to another costs two wake-ups, 5 to 15 us each (measured).
    private static final long AT_ONCE_NANOS_MAX = 25_000;
    // A flush of a busy disk takes some milliseconds and should not pay for two changes of threads as well.
    private static final long ALONE_NANOS_MAX = 10_000_000;
    // One pause of the whole process must not look like a slow device for long.
    private static final long SAMPLE_NANOS_MAX = 20_000_000;
    private static final int WEIGHT_SHIFT = 3;
    // How many requests must have come alone before a slow one is risked on the reading thread.
    private static final int ALONE_RUN_MIN = 16;
    private static final int WAITING_RUN_MIN = 8;
    private static final int WAITING_RUN_MAX = 4096;

    private final Map<Kind, AtomicLong> averageNanos = new EnumMap<>(Kind.class);
    private int aloneRun = ALONE_RUN_MIN;
    private int waitingRun;
    private int waitingRunMin = WAITING_RUN_MIN;
    private boolean suspecting;

    Pace() {
        for (Kind kind : Kind.values()) {
            averageNanos.put(kind, new AtomicLong());
        }
    }

    private AtomicLong average(Kind kind) {
        return Objects.requireNonNull(averageNanos.get(kind));
    }

    /// A request has come; `alone` if none is in flight and none waits behind it.
    void arrived(boolean alone) {
        if (!alone) {
            aloneRun = 0;
            suspecting = false;
            waitingRunMin = WAITING_RUN_MIN;
        } else if (aloneRun < ALONE_RUN_MIN) {
            aloneRun++;
            if (aloneRun == ALONE_RUN_MIN && suspecting) {
                suspecting = false;
                waitingRunMin = Math.min(2 * waitingRunMin, WAITING_RUN_MAX);
            }
        }
    }

    /// Whether a request was found waiting right after a slow one. If that happens again and again, the
    /// client may keep more than one in flight; on threads of their own they show whether it does. It may
    /// also be that the client answers a reply before the server runs again, as on a busy machine; each such
    /// false alarm doubles what it takes for the next one.
    void afterSlow(boolean foundWaiting) {
        waitingRun = foundWaiting ? waitingRun + 1 : 0;
        if (waitingRun >= waitingRunMin) {
            waitingRun = 0;
            aloneRun = 0;
            suspecting = true;
        }
    }

    /// Whether the reading thread should carry it out.
    boolean atOnce(Kind kind) {
        long nanos = average(kind).getPlain();
        return nanos < AT_ONCE_NANOS_MAX || (nanos < ALONE_NANOS_MAX && aloneRun >= ALONE_RUN_MIN);
    }

    /// Whether it lately took longer than a change of threads.
    boolean isSlow(Kind kind) {
        return average(kind).getPlain() >= AT_ONCE_NANOS_MAX;
    }

    /// It took this long. Callable from any thread; a sample lost between two threads does not matter.
    void measured(Kind kind, long nanos) {
        long old = average(kind).getPlain();
        long change = (Math.min(nanos, SAMPLE_NANOS_MAX) - old) >> WEIGHT_SHIFT;
        average(kind).setPlain(old + change);
    }
}
