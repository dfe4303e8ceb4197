package io.holdfast.chaos.fault;

import io.holdfast.chaos.pace.Pause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes through a plan and writes the timeline. One thread injects; the timeline may be read by any, guarded
/// by a lock.
public final class FaultInjector {
    private static final Logger LOG = LoggerFactory.getLogger(FaultInjector.class);

    private final FaultSite site;
    private final LongSupplier nanoClock;
    private final Pause pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<TimelineEntry> timeline = new ArrayList<>();

    public FaultInjector(FaultSite site, LongSupplier nanoClock, Pause pause) {
        this.site = site;
        this.nanoClock = nanoClock;
        this.pause = pause;
    }

    /// Applies and heals every fault in turn. Whatever happens, the last one is healed.
    public void run(FaultPlan plan) throws IOException, InterruptedException {
        for (FaultPlan.Step step : plan.steps()) {
            inject(step.fault(), () -> pause.of(step.lasting()));
            pause.of(step.rest());
        }
    }

    /// Applies one fault, does the work under it, and heals it.
    public void inject(Fault fault, Work work) throws IOException, InterruptedException {
        Optional<Lasting> lasting = begin(fault);
        if (lasting.isEmpty()) {
            return;
        }
        try {
            work.run();
        } finally {
            lasting.get().heal();
        }
    }

    /// Applies one fault, which lasts until it is healed; others may be applied meanwhile.
    ///
    /// @return empty if it was not possible here
    public Optional<Lasting> begin(Fault fault) throws IOException, InterruptedException {
        long applied = nanoClock.getAsLong();
        LOG.info("fault applied, fault={}", fault.describe());
        try {
            return Optional.of(new Lasting(fault, applied, fault.apply(site)));
        } catch (UnsupportedOperationException e) {
            write(new TimelineEntry(fault.describe(), applied, applied, "not possible: " + e.getMessage()));
            return Optional.empty();
        }
    }

    /// A fault that lasts.
    public final class Lasting {
        private final Fault fault;
        private final long appliedNanos;
        private final Healing healing;

        private Lasting(Fault fault, long appliedNanos, Healing healing) {
            this.fault = fault;
            this.appliedNanos = appliedNanos;
            this.healing = healing;
        }

        public Fault fault() {
            return fault;
        }

        /// Ends it, once.
        public void heal() throws IOException, InterruptedException {
            try {
                healing.heal();
            } finally {
                write(new TimelineEntry(
                        fault.describe(), appliedNanos, nanoClock.getAsLong(), TimelineEntry.HEALED));
                LOG.info("fault healed, fault={}", fault.describe());
            }
        }
    }

    private void write(TimelineEntry entry) {
        lock.lock();
        try {
            timeline.add(entry);
        } finally {
            lock.unlock();
        }
    }

    public List<TimelineEntry> timeline() {
        lock.lock();
        try {
            return List.copyOf(timeline);
        } finally {
            lock.unlock();
        }
    }

    /// What is done while a fault lasts.
    @FunctionalInterface
    public interface Work {
        void run() throws IOException, InterruptedException;
    }
}
