package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.node.http.port.InstanceDesk;
import io.holdfast.node.testing.AppCluster;
import io.holdfast.node.testing.AppNode;
import io.holdfast.node.testing.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Starts from frozen copies, through real gateways, on containers in memory.
final class PooledStartTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void aStartLetsAFrozenCopyOfTheNewestSnapshotGoOn() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("counter", pooled(cluster, 2));
            AppNode node = cluster.node(1);
            assertEquals("1", node.get("/apps/counter/", "1").body());
            awaitFrozen(cluster, key, 2);
            SnapshotKey first = newest(cluster, key);
            saveAndEnd(node, key);
            assertNotEquals(first, newest(cluster, key));
            awaitFrozen(cluster, key, 2);
            HttpResponse<String> woken = node.get("/apps/counter/", "2");
            assertEquals("2", woken.body(), "with the newest memory");
            assertEquals("thawed", woken.headers().firstValue("Holdfast-Start").orElseThrow());
            awaitFrozen(cluster, key, 2);
            assertEquals(
                    1, node.runtime().containers().stream()
                            .filter(container -> container.state() == ContainerState.RUNNING).count());

            cluster.define("counter", pooled(cluster, 0));
            Await.until("the copies are gone", () -> node.host().frozen().isEmpty());
        }
    }

    @Test
    @Timeout(120)
    void aCopyThatDoesNotGoOnCostsOnlyItself() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("counter", pooled(cluster, 1));
            AppNode node = cluster.node(1);
            assertEquals("1", node.get("/apps/counter/", "1").body());
            saveAndEnd(node, key);
            awaitFrozen(cluster, key, 1);
            node.runtime().containers().forEach(container -> container.stop(Duration.ZERO));
            HttpResponse<String> woken = node.get("/apps/counter/", "2");
            assertEquals("2", woken.body());
            assertEquals("restored", woken.headers().firstValue("Holdfast-Start").orElseThrow());
        }
    }

    @Test
    @Timeout(120)
    void copiesShareMemoryWithinTheirTenantUnlessTheyAreToBeKeptApart() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("counter", pooled(cluster, 2));
            AppNode node = cluster.node(1);
            assertEquals("1", node.get("/apps/counter/", "1").body());
            awaitFrozen(cluster, key, 2);
            assertEquals(Set.of(Optional.of("default")), circles(node), "not the one that runs");
            cluster.define("counter", pooled(cluster, 0));
            Await.until("the copies are gone", () -> node.host().frozen().isEmpty());
            cluster.define("counter", pooled(cluster, 2, true));
            awaitFrozen(cluster, key, 2);
            assertEquals(Set.of(Optional.empty()), circles(node));
        }
    }

    private static Set<Optional<String>> circles(AppNode node) {
        return node.runtime().containers().stream()
                .filter(container -> container.state() == ContainerState.FROZEN)
                .map(container -> node.fakeRuntime().circleOf(container.id()))
                .collect(Collectors.toSet());
    }

    private static ApplicationSpec pooled(AppCluster cluster, int count) {
        return pooled(cluster, count, false);
    }

    private static ApplicationSpec pooled(AppCluster cluster, int count, boolean keepsApart) {
        ApplicationSpec spec = cluster.counter(new Scaling(0, 1, 0, 0, Scaling.OnIdle.SAVE));
        SnapshotPolicy policy = new SnapshotPolicy(
                SnapshotPolicy.Moment.FIRST_REQUEST, SnapshotPolicy.WhileMaking.WAIT, count, keepsApart);
        return new ApplicationSpec(
                spec.root(), spec.command(), spec.environment(), spec.workingFolder(), spec.port(),
                spec.access(), spec.mounts(), spec.limits(), spec.probe(), spec.scaling(), policy);
    }

    private static SnapshotKey newest(AppCluster cluster, ApplicationKey key) {
        return cluster.catalog().snapshots(key).stream()
                .max(java.util.Comparator.comparingLong(Versioned::version))
                .orElseThrow()
                .key();
    }

    private static void awaitFrozen(AppCluster cluster, ApplicationKey key, int count) {
        List<SnapshotKey> wanted = Collections.nCopies(count, newest(cluster, key));
        Await.until("the copies are ready", () -> cluster.node(1).host().frozen().equals(wanted));
    }

    private static void saveAndEnd(AppNode node, ApplicationKey key) {
        InstanceDesk.Answer answer = node.desk().perform(
                new InstanceDesk.Order.Save(key.toString(), -1, Optional.empty(), "end"),
                        Duration.ofSeconds(30));
        assertEquals(InstanceDesk.Answer.Saved.class, answer.getClass(), answer.toString());
        Await.until("it has ended", () -> node.host().instances().stream()
                .allMatch(instance -> instance.picture().phase().equals("poised")));
    }
}
