package io.holdfast.node;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.gateway.GatewayMeters;
import io.holdfast.node.gateway.StartHistory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// What the gateway counts, as metrics: `holdfast_app_first_byte_seconds` by how the instance came to be
/// ready, `holdfast_app_refused_total` by reason; and the last starts of each application. Concurrent.
final class AppMeters implements GatewayMeters {
    private final MeterRegistry registry;
    private final StartHistory history;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    AppMeters(MeterRegistry registry, StartHistory history) {
        this.registry = registry;
        this.history = history;
    }

    @Override
    public void answered(String start, long nanos) {
        timers.computeIfAbsent(start, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void started(ApplicationKey application, String start, String snapshot, long nanos) {
        history.note(application, start, snapshot, TimeUnit.NANOSECONDS.toMicros(nanos));
    }

    private Timer timer(String start) {
        return Timer.builder("holdfast.app.first.byte")
                .description("from a request to the first byte of its answer")
                .tag("start", start)
                .serviceLevelObjectives(
                        Duration.ofMillis(1), Duration.ofMillis(3), Duration.ofMillis(10),
                                Duration.ofMillis(30),
                        Duration.ofMillis(100), Duration.ofMillis(300), Duration.ofSeconds(1),
                        Duration.ofSeconds(3), Duration.ofSeconds(10))
                .register(registry);
    }

    @Override
    public void refused(String code) {
        registry.counter("holdfast.app.refused", "code", code).increment();
    }
}
