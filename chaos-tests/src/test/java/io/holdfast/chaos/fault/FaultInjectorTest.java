package io.holdfast.chaos.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.chaos.network.LinkFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FaultInjectorTest {
    private final List<String> events = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final FaultInjector injector = new FaultInjector(
            new RecordingSite(), clock::get, pause -> clock.addAndGet(pause.toNanos()));

    @Test
    void planIsAppliedAndHealedInOrder() throws Exception {
        FaultPlan plan = FaultPlan.flapping(
                new KillFault(List.of("a", "b")), 2, Duration.ofNanos(10), Duration.ofNanos(5));
        injector.run(plan);
        assertEquals(List.of("kill a", "kill b", "start a", "start b",
                "kill a", "kill b", "start a", "start b"), events);
        assertEquals(List.of(
                new TimelineEntry("kill -9 of [a, b]", 0, 10, TimelineEntry.HEALED),
                new TimelineEntry("kill -9 of [a, b]", 15, 25, TimelineEntry.HEALED)), injector.timeline());
    }

    @Test
    void faultIsHealedWhenTheWorkUnderItFails() {
        assertThrows(IOException.class, () -> injector.inject(new KillFault(List.of("a")), () -> {
            throw new IOException("planned");
        }));
        assertEquals(List.of("kill a", "start a"), events);
    }

    @Test
    void impossibleFaultIsWrittenDownAndSkipped() throws Exception {
        injector.inject(NetworkFault.halfOpen("a", "b"), () -> events.add("work"));
        assertEquals(List.of(), events);
        assertFalse(injector.timeline().getFirst().isApplied());
    }

    @Test
    void faultsMayOverlapAndEachIsHealedOnItsOwn() throws Exception {
        FaultInjector.Lasting first = injector.begin(new KillFault(List.of("a"))).orElseThrow();
        clock.set(3);
        FaultInjector.Lasting second = injector.begin(new KillFault(List.of("b"))).orElseThrow();
        clock.set(5);
        first.heal();
        clock.set(9);
        second.heal();
        assertEquals(List.of("kill a", "kill b", "start a", "start b"), events);
        assertEquals(List.of(
                new TimelineEntry("kill -9 of [a]", 0, 5, TimelineEntry.HEALED),
                new TimelineEntry("kill -9 of [b]", 3, 9, TimelineEntry.HEALED)), injector.timeline());
    }

    private final class RecordingSite implements FaultSite {
        @Override
        public List<String> nodes() {
            return List.of("a", "b");
        }

        @Override
        public Optional<LinkFaults> links() {
            return Optional.empty();
        }

        @Override
        public long pidOf(String node) throws IOException {
            throw new IOException("no process");
        }

        @Override
        public void kill(String node) {
            events.add("kill " + node);
        }

        @Override
        public void start(String node) {
            events.add("start " + node);
        }

        @Override
        public Optional<Path> clockFile(String node) {
            return Optional.empty();
        }
    }
}
