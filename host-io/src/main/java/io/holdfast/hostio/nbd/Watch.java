package io.holdfast.hostio.nbd;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The deadlines of one connection. Its threads say what they begin and end; [#step] is called every
/// [#STEP] from outside and says whether something has taken too long. Concurrent.
final class Watch {
    /// The time between two calls of [#step].
    static final Duration STEP = Duration.ofMillis(500);

    private static final int NOT = -1;

    private final int handshakeSteps;
    private final int stallSteps;
    private final int idleSteps;
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger handshakeSince = new AtomicInteger();
    private final AtomicInteger receivingSince = new AtomicInteger(NOT);
    private final AtomicInteger sendingSince = new AtomicInteger(NOT);
    private final AtomicInteger restingSince = new AtomicInteger(NOT);

    Watch(NbdLimits.Times times) {
        handshakeSteps = steps(times.handshake());
        stallSteps = steps(times.stall());
        idleSteps = times.idle().isZero() ? Integer.MAX_VALUE : steps(times.idle());
    }

    private static int steps(Duration time) {
        return Math.clamp(time.plus(STEP).minusNanos(1).dividedBy(STEP), 1, Integer.MAX_VALUE);
    }

    void handshakeEnded() {
        handshakeSince.setRelease(NOT);
    }

    /// Waits for the rest of a message that has begun.
    void receiving() {
        receivingSince.setRelease(now.getPlain());
    }

    /// Waits for the next message.
    void resting() {
        restingSince.setRelease(now.getPlain());
    }

    void received() {
        receivingSince.setRelease(NOT);
        restingSince.setRelease(NOT);
    }

    void sending() {
        sendingSince.setRelease(now.getPlain());
    }

    void sent() {
        sendingSince.setRelease(NOT);
    }

    /// One step of time has passed. The name of the deadline that it went beyond, else empty.
    String step() {
        int current = now.incrementAndGet();
        if (isOver(handshakeSince, current, handshakeSteps)) {
            return "handshake";
        }
        if (isOver(receivingSince, current, stallSteps)) {
            return "receive";
        }
        if (isOver(sendingSince, current, stallSteps)) {
            return "send";
        }
        return isOver(restingSince, current, idleSteps) ? "idle" : "";
    }

    private static boolean isOver(AtomicInteger since, int current, int steps) {
        int began = since.getAcquire();
        return began != NOT && current - began > steps;
    }
}
