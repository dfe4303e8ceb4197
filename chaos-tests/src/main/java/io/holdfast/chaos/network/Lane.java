package io.holdfast.chaos.network;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/// One direction between two ports of the switch: decides what becomes of each frame. Frames pass on the
/// reading thread of the sending port; conditions are set by any thread.
final class Lane {
    private static final int HEADER_BYTES = 14;
    private static final int FIN_OR_RST = 0x05;
    private static final int TCP = 6;
    /// What a narrow link holds back at most, as a router's buffer would.
    private static final long BACKLOG_NANOS_MAX = 200_000_000L;

    private final SplittableRandom random;
    private final LongSupplier nanoClock;
    private volatile LinkCondition condition = LinkCondition.GOOD;
    private long busyUntilNanos;

    Lane(SplittableRandom random) {
        this(random, System::nanoTime);
    }

    Lane(SplittableRandom random, LongSupplier nanoClock) {
        this.random = random;
        this.nanoClock = nanoClock;
        this.busyUntilNanos = nanoClock.getAsLong();
    }

    void set(LinkCondition newCondition) {
        condition = newCondition;
    }

    /// Delivers the frame now, later, twice, damaged or not at all. The frame's bytes belong to the caller
    /// again afterwards.
    void pass(byte[] frame, int length, int to, SwitchWire.Delivery delivery, DelayQueue delayed) {
        LinkCondition now = condition;
        if (now.passesNothing() || happens(now.lossPerMille()) || (now.dropsCloses()
                && isClose(frame, length))) {
            return;
        }
        if (!now.needsSwitch()) {
            delivery.deliver(to, frame, length);
            return;
        }
        long atNanos = nanoClock.getAsLong();
        long onTheWireNanos = transmissionEnd(now, length, atNanos);
        if (onTheWireNanos - atNanos > BACKLOG_NANOS_MAX) {
            return;
        }
        byte[] copy = Arrays.copyOf(frame, length);
        if (happens(now.corruptPerMille())) {
            copy[HEADER_BYTES + random.nextInt(length - HEADER_BYTES)] ^= (byte) (1 << random.nextInt(8));
        }
        int copyCount = happens(now.duplicatePerMille()) ? 2 : 1;
        for (int i = 0; i < copyCount; i++) {
            delayed.add(to, copy, onTheWireNanos + delayNanos(now));
        }
    }

    private long transmissionEnd(LinkCondition now, int length, long atNanos) {
        if (now.bitsPerSecond() == 0) {
            return atNanos;
        }
        long start = Math.max(atNanos, busyUntilNanos);
        long end = start + length * 8_000_000_000L / now.bitsPerSecond();
        if (end - atNanos <= BACKLOG_NANOS_MAX) {
            busyUntilNanos = end;
        }
        return end;
    }

    private long delayNanos(LinkCondition now) {
        long jitter = now.jitterMicros() == 0 ? 0 : random.nextInt(now.jitterMicros());
        return (now.delayMicros() + jitter) * 1_000L;
    }

    private boolean happens(int perMille) {
        return perMille > 0 && random.nextInt(1_000) < perMille;
    }

    /// Whether this is an IPv4 TCP segment that ends a connection; offsets as in RFC 791 and RFC 9293.
    static boolean isClose(byte[] frame, int length) {
        boolean isIpv4 = length >= 34 && frame[12] == 0x08 && frame[13] == 0x00;
        if (!isIpv4 || frame[HEADER_BYTES + 9] != TCP) {
            return false;
        }
        int flagsAt = HEADER_BYTES + (frame[HEADER_BYTES] & 0x0f) * 4 + 13;
        return flagsAt < length && (frame[flagsAt] & FIN_OR_RST) != 0;
    }
}
