package io.holdfast.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerMemory;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.hostio.testing.FakeContainerRuntime;
import io.holdfast.node.testing.SimulatedCounter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrozenPoolTest {
    private static final LayerDigest SAME = new LayerDigest("sha256:" + "a".repeat(64));
    private static final LayerDigest OTHER = new LayerDigest("sha256:" + "b".repeat(64));

    private final FakeContainerRuntime runtime =
            new FakeContainerRuntime(SimulatedCounter.source(new SimulatedCounter.Handled()));
    private long nanos;
    private final FrozenPool pool = new FrozenPool(runtime, () -> nanos, 100);

    @AfterEach
    void close() {
        pool.close();
        runtime.close();
    }

    @Test
    void aCopyIsTakenOnceAndOnlyForWhatItWasMadeFrom() {
        Container made = put("shop", "s1", SAME, 10);
        assertEquals(Optional.empty(), pool.take(snapshot("shop", "s2"), SAME));
        assertEquals(Optional.empty(), pool.take(snapshot("shop", "s1"), OTHER));
        assertEquals(Optional.of(made), pool.take(snapshot("shop", "s1"), SAME));
        assertEquals(Optional.empty(), pool.take(snapshot("shop", "s1"), SAME));
    }

    @Test
    void theLeastRecentlyUsedMakesRoomButNeverForOneUsedLongerAgo() {
        use("old", 1);
        use("new", 2);
        put("old", "s", SAME, 60);
        put("new", "s", SAME, 30);
        assertTrue(pool.makeRoom(key("new"), 40));
        assertEquals(List.of(snapshot("new", "s")), snapshots(), "the older one went");
        assertEquals(1, runtime.containers().size());
        assertFalse(pool.makeRoom(key("old"), 80), "it would cost the newer one");
        assertFalse(pool.makeRoom(key("new"), 101), "it is too large for any pool");
        assertEquals(List.of(snapshot("new", "s")), snapshots());
    }

    @Test
    void copiesThatShareMemoryCountWithWhatTheyReallyCost() {
        use("shop", 1);
        put("shop", "s", SAME, 45);
        put("shop", "s", SAME, 45);
        assertFalse(pool.makeRoom(key("shop"), pool.bytesOf(key("shop"))));
        runtime.letEachCost(new ContainerMemory(45, 20, 40));
        pool.measure();
        assertEquals(45, pool.bytesOf(key("shop")), "a further one shares nothing at first");
        assertTrue(pool.makeRoom(key("shop"), 45));
        assertEquals(2, pool.copies().size(), "nobody had to go");
    }

    @Test
    void whatWasUsedLatelyIsKnownTheLatestFirst() {
        use("a", 1);
        use("b", 2);
        use("a", 3);
        assertEquals(List.of(key("a"), key("b")), pool.usedWithin(Duration.ofSeconds(1)));
        nanos += Duration.ofSeconds(1).toNanos();
        assertEquals(List.of(key("a")), pool.usedWithin(Duration.ofSeconds(1)));
    }

    @Test
    void aClosedPoolHoldsNothing() {
        put("shop", "s1", SAME, 10);
        pool.close();
        put("shop", "s1", SAME, 10);
        assertEquals(List.of(), runtime.containers());
    }

    private Container put(String application, String name, LayerDigest fingerprint, long bytes) {
        Container container = runtime.start(ContainerSpec.of(
                new ContainerId(application + runtime.containers().size()),
                RootFileSystem.of("sha256:x", Path.of("/x")),
                Program.of("/bin/counter")));
        pool.put(new FrozenPool.Copy(
                container, snapshot(application, name), fingerprint, new ContainerMemory(bytes, bytes, 0)));
        return container;
    }

    private void use(String application, long atNanos) {
        nanos = atNanos;
        pool.noteUse(key(application));
    }

    private List<SnapshotKey> snapshots() {
        return pool.copies().stream().map(FrozenPool.Copy::snapshot).toList();
    }

    private static ApplicationKey key(String name) {
        return new ApplicationKey("default", name);
    }

    private static SnapshotKey snapshot(String application, String name) {
        return new SnapshotKey(key(application), name);
    }
}
