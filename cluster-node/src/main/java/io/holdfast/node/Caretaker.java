package io.holdfast.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that looks after the node's slow matters: each duty is called when its interval has
/// passed, and a failing one is tried again at its next turn. Duties are confined to this thread; they are
/// added before it starts.
final class Caretaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /// While the node is not ready somebody is waiting for it.
    private static final long TICK_NANOS_BRISK = TimeUnit.MILLISECONDS.toNanos(15);

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final LongSupplier nanoClock;
    private final BooleanSupplier isBrisk;
    private final List<Duty> duties = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;

    /// A step of a duty.
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /// A duty and when it is due again.
    private static final class Duty {
        private final String name;
        private final long intervalNanos;
        private final Step step;
        private long dueNanos;
        private boolean failed;

        Duty(String name, long intervalNanos, Step step, long dueNanos) {
            this.name = name;
            this.intervalNanos = intervalNanos;
            this.step = step;
            this.dueNanos = dueNanos;
        }
    }

    /// Makes a caretaker.
    ///
    /// @param isBrisk whether duties are looked at more often now
    Caretaker(LongSupplier nanoClock, BooleanSupplier isBrisk) {
        this("caretaker", nanoClock, isBrisk);
    }

    /// Makes one for duties that may take long, with a thread of its own name.
    Caretaker(String name, LongSupplier nanoClock, BooleanSupplier isBrisk) {
        this.nanoClock = nanoClock;
        this.isBrisk = isBrisk;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    Caretaker every(Duration interval, String name, Step step) {
        duties.add(new Duty(name, interval.toNanos(), step, nanoClock.getAsLong()));
        return this;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!stopping) {
            long now = nanoClock.getAsLong();
            for (Duty duty : duties) {
                if (!stopping && now - duty.dueNanos >= 0) {
                    perform(duty);
                    duty.dueNanos = nanoClock.getAsLong() + duty.intervalNanos;
                }
            }
            LockSupport.parkNanos(isBrisk.getAsBoolean() ? TICK_NANOS_BRISK : restNanos());
        }
    }

    /// A tick, or longer where nothing is due for longer.
    private long restNanos() {
        long now = nanoClock.getAsLong();
        return duties.stream()
                .mapToLong(duty -> Math.max(TICK_NANOS, duty.dueNanos - now))
                .min()
                .orElse(TICK_NANOS);
    }

    /// The outermost frame of the caretaker's thread: a duty that fails is said once and tried again.
    private static void perform(Duty duty) {
        try {
            duty.step.run();
            duty.failed = false;
        } catch (Exception failure) {
            if (!duty.failed) {
                LOG.warn("a duty failed and is tried again: duty={} reason={}", duty.name,
                        Failures.chainOf(failure));
                LOG.debug("duty={}", duty.name, failure);
            }
            duty.failed = true;
        }
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_WITHIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
