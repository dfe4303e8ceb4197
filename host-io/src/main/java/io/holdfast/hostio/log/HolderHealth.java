package io.holdfast.hostio.log;

import io.holdfast.hostio.holder.HolderId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// How holders answer, as seen from this process. Concurrent.
public final class HolderHealth {
    /// How long a holder that did not answer is passed over where there is a choice.
    private static final long SUSPECT_NANOS = Duration.ofSeconds(5).toNanos();
    /// Longer than a fragment of full size takes to be listed or a segment to be made.
    static final long PATIENCE_NANOS = Duration.ofSeconds(2).toNanos();
    /// After how long others are asked too that may tell the same; a busy host takes longer at times.
    static final long LATE_NANOS = Duration.ofMillis(300).toNanos();
    private static final long LATE_KEPT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long SUSPECT_PATIENCE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long HEDGE_NANOS_MIN = Duration.ofMillis(3).toNanos();
    private static final long HEDGE_NANOS_MAX = Duration.ofMillis(60).toNanos();
    /// A read is hedged when it takes this many times the usual.
    private static final long HEDGE_FACTOR = 8;
    private static final long WEIGHT = 8;

    private final LongSupplier nanoClock;
    private final ConcurrentHashMap<HolderId, Long> suspectedUntil = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<HolderId, Long> lateUntil = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<HolderId, Long> readNanos = new ConcurrentHashMap<>();

    HolderHealth(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// The holder failed or did not answer in time.
    void suspect(HolderId holder) {
        suspectedUntil.put(holder, nanoClock.getAsLong() + SUSPECT_NANOS);
    }

    void answered(HolderId holder) {
        if (!suspectedUntil.isEmpty()) {
            suspectedUntil.remove(holder);
        }
    }

    /// The holder has not answered yet, and others were asked. It may be as well as they are.
    void late(HolderId holder) {
        lateUntil.put(holder, nanoClock.getAsLong() + LATE_KEPT_NANOS);
    }

    /// Whether others are better asked first.
    boolean isLate(HolderId holder) {
        Long until = lateUntil.get(holder);
        return isSuspect(holder) || (until != null && until - nanoClock.getAsLong() > 0);
    }

    boolean isSuspect(HolderId holder) {
        Long until = suspectedUntil.get(holder);
        return until != null && until - nanoClock.getAsLong() > 0;
    }

    /// How long an answer is waited for where nothing can go on without: briefly, if others waited in vain.
    long patienceNanos(HolderId holder) {
        return isSuspect(holder) ? SUSPECT_PATIENCE_NANOS : PATIENCE_NANOS;
    }

    /// Those that did not answer lately.
    public Set<HolderId> suspects() {
        return suspectedUntil.keySet().stream().filter(this::isSuspect).collect(Collectors.toSet());
    }

    void readTook(HolderId holder, long nanos) {
        answered(holder);
        readLasted(holder, nanos);
    }

    /// A read took at least so long, whether it was answered or not.
    void readLasted(HolderId holder, long nanos) {
        readNanos.merge(holder, nanos, (before, now) -> before + (now - before) / WEIGHT);
    }

    /// After how long a read from the holder is asked for elsewhere too.
    long hedgeNanos(HolderId holder) {
        long usual = readNanos.getOrDefault(holder, HEDGE_NANOS_MAX);
        return Math.clamp(usual * HEDGE_FACTOR, HEDGE_NANOS_MIN, HEDGE_NANOS_MAX);
    }
}
