package io.holdfast.node.metrics;

import io.holdfast.consensus.log.LedgerStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The meters of one node. Concurrent. Sources are asked when somebody scrapes, never in between,
/// so metrics cost nothing while nobody looks.
public final class NodeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final List<Runnable> beforeScrape = new ArrayList<>();

    /// The registry holds what counters ask only weakly.
    private final Queue<Object> keptAlive = new ConcurrentLinkedQueue<>();

    /// One state machine as metrics show it.
    ///
    /// @param name such as `node-life`
    /// @param state the state's name
    /// @param since when it entered it
    public record MachineState(String name, String state, Instant since) {}

    /// Makes the registry with the meters of the JVM and the process.
    public NodeMetrics(String node) {
        registry.config().commonTags("node", node);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /// For Vert.x (`MicrometerMetricsFactory`) and others that register meters of their own.
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /// Shows a replicated log.
    public void ledger(String group, Supplier<LedgerStatus> source) {
        LedgerMeters meters = new LedgerMeters(Tags.of("group", group), source);
        meters.gauge("holdfast.ledger.term", status -> status.leadership().term().value());
        meters.gauge("holdfast.ledger.is.leader", status -> status.leadership().isLeader() ? 1 : 0);
        meters.gauge(
                "holdfast.ledger.has.leader",
                status -> status.leadership().leader().isPresent() ? 1 : 0);
        meters.gauge("holdfast.ledger.lease.held", status -> status.leaseHeld() ? 1 : 0);
        meters.gauge(
                "holdfast.ledger.applied.index", status -> status.progress().applied().value());
        meters.gauge(
                "holdfast.ledger.committed.index", status -> status.progress().committed().value());
        meters.gauge(
                "holdfast.ledger.snapshot.index",
                status -> status.progress().lastSnapshot().value());
        meters.gauge("holdfast.ledger.lag.entries", status -> status.progress().lagEntries());
        meters.gauge(
                "holdfast.ledger.queued.commands", status -> status.proposals().queuedCommands());
        meters.gauge("holdfast.ledger.queued.bytes", status -> status.proposals().queuedBytes());
        meters.gauge(
                "holdfast.ledger.outstanding.entries",
                status -> status.proposals().entriesOutstanding());
        meters.counter(
                "holdfast.ledger.entries.applied", status -> status.progress().entriesApplied());
        meters.counter(
                "holdfast.ledger.commands.applied", status -> status.progress().commandsApplied());
        meters.counter(
                "holdfast.ledger.commands.repeated",
                status -> status.progress().commandsRepeated());
        meters.counter(
                "holdfast.ledger.entries.proposed", status -> status.proposals().entriesProposed());
        meters.counter(
                "holdfast.ledger.commands.proposed",
                status -> status.proposals().commandsProposed());
        meters.counter(
                "holdfast.ledger.commands.refused", status -> status.proposals().commandsRefused());
    }

    /// Shows each state machine's state (`holdfast_machine_state` is 1 for the state it is in) and
    /// when it entered it.
    public void machines(Supplier<List<MachineState>> source) {
        MultiGauge states = MultiGauge.builder("holdfast.machine.state").register(registry);
        MultiGauge times =
                MultiGauge.builder("holdfast.machine.last.transition")
                        .baseUnit("seconds")
                        .register(registry);
        synchronized (beforeScrape) {
            beforeScrape.add(
                    () -> {
                        List<MachineState> machines = source.get();
                        states.register(
                                machines.stream()
                                        .map(
                                                machine ->
                                                        MultiGauge.Row.of(
                                                                Tags.of(
                                                                        "machine",
                                                                        machine.name(),
                                                                        "state",
                                                                        machine.state()),
                                                                1))
                                        .toList(),
                                true);
                        times.register(
                                machines.stream()
                                        .map(
                                                machine ->
                                                        MultiGauge.Row.of(
                                                                Tags.of("machine", machine.name()),
                                                                (Number)
                                                                        (machine.since()
                                                                                        .toEpochMilli()
                                                                                / 1_000.0)))
                                        .toList(),
                                true);
                    });
        }
    }

    /// Shows a number that goes up and down.
    public void gauge(String name, String description, DoubleSupplier source) {
        Gauge.builder(name, source::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /// Shows a number that only grows.
    public void counter(String name, String description, DoubleSupplier source) {
        keptAlive.add(source);
        FunctionCounter.builder(name, source, DoubleSupplier::getAsDouble)
                .description(description)
                .register(registry);
    }

    /// Shows a span of time.
    public void nanos(String name, String description, DoubleSupplier source) {
        TimeGauge.builder(name, source::getAsDouble, TimeUnit.NANOSECONDS)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /// Everything in Prometheus' text form.
    public String scrape() {
        synchronized (beforeScrape) {
            beforeScrape.forEach(Runnable::run);
            return registry.scrape();
        }
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private final class LedgerMeters {
        private final Tags tags;
        private final Supplier<LedgerStatus> source;

        LedgerMeters(Tags tags, Supplier<LedgerStatus> source) {
            this.tags = tags;
            this.source = source;
        }

        void gauge(String name, ToDoubleFunction<LedgerStatus> value) {
            Gauge.builder(name, () -> value.applyAsDouble(source.get()))
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        }

        void counter(String name, ToDoubleFunction<LedgerStatus> value) {
            keptAlive.add(source);
            FunctionCounter.builder(name, source, status -> value.applyAsDouble(status.get()))
                    .tags(tags)
                    .register(registry);
        }
    }
}
