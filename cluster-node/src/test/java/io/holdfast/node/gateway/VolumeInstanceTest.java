package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import io.holdfast.node.http.port.InstanceDesk.Order;
import io.holdfast.node.testing.AppCluster;
import io.holdfast.node.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.io.TempDir;

/// Applications with volumes, whose file systems are stood in for by folders: the count in memory and the
/// count on the volume are never apart.
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class VolumeInstanceTest {
    private static final Scaling ONE = new Scaling(0, 1, 0, 60_000, Scaling.OnIdle.SAVE);

    @TempDir
    private Path folder;

    @Test
    void aVolumeGoesWithItsInstanceAndIsGivenBack() throws Exception {
        try (AppCluster cluster = clusterWithVolume(3)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            assertEquals("1", cluster.node(1).get("/apps/db/", "1").body());
            assertEquals(Map.of("data", key + "/0"), cluster.node(1).volumes().users());
            assertEquals(List.of(), cluster.catalog().snapshots(key), "the first request makes none");

            cluster.node(1).cutOff();
            assertEquals("1", cluster.node(2).get("/apps/db/", "2").body(), "started cold elsewhere");
            assertEquals(Map.of("data", key + "/0"), cluster.node(2).volumes().users());

            cluster.stop(key);
            Await.until("it is given back", () -> cluster.node(2).volumes().users().isEmpty());
        }
    }

    @Test
    void whatSleptGoesOnWithItsMemoryAndItsDiskThoughItsNodeDied() throws Exception {
        try (AppCluster cluster = clusterWithVolume(3)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            count(cluster, 1, 3);
            assertSaved(save(cluster, 1, key, "sleep", "three"));
            cluster.node(1).cutOff();
            cluster.volumes().write("data", "housekeeping of a dead node");
            assertEquals("4", cluster.node(2).get("/apps/db/", "4").body());
            assertEquals("4", cluster.volumes().content("data"));
        }
    }

    @Test
    void whatSleptHereAndWokeIsNotTakenBackToWhereItSlept() throws Exception {
        try (AppCluster cluster = clusterWithVolume(3)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            count(cluster, 1, 2);
            assertSaved(save(cluster, 1, key, "sleep", "two"));
            assertEquals("3", cluster.node(1).get("/apps/db/", "3").body(), "it woke");
            assertEquals("3", cluster.volumes().content("data"));

            cluster.node(1).cutOff();
            assertEquals("1", cluster.node(2).get("/apps/db/", "4").body(), "cold: its memory is too old");
            assertEquals(Set.of("cold"), kinds(cluster));
            assertTrue(reason(cluster).contains("was written to"), reason(cluster));
        }
    }

    @Test
    void aSnapshotOfWhatGoesOnIsRestoredWithItsVolumeOrNotAtAll() throws Exception {
        try (AppCluster cluster = clusterWithVolume(1)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            count(cluster, 1, 2);
            SnapshotKey two = assertSaved(save(cluster, 1, key, "go-on", "two"));
            assertEquals("3", cluster.node(1).get("/apps/db/", "3").body(), "it went on");
            assertEquals("3", cluster.volumes().content("data"));

            long before = cluster.catalog().application(key).orElseThrow().generation();
            cluster.apply(new SnapshotCommand.Restore(two, true));
            Await.until("what ran gave way", () -> cluster.node(1).host().instances().stream()
                    .noneMatch(instance -> instance.generation() == before));
            assertEquals("3", cluster.node(1).get("/apps/db/", "4").body(), "back to 2, and one more");
            assertEquals("3", cluster.volumes().content("data"));

            // The wish was for once: what is written from now on stays.
            cluster.stop(key);
            Await.until("it is given back", () -> cluster.node(1).volumes().users().isEmpty());
            cluster.apply(new io.holdfast.gridstate.command.ApplicationCommand.SetStopped(
                    key, false, ExpectedVersion.ANY));
            assertEquals("1", cluster.node(1).get("/apps/db/", "5").body(), "cold, on its present volume");
        }
    }

    @Test
    void aCopyOfAnApplicationHasACopyOfItsVolume() throws Exception {
        try (AppCluster cluster = clusterWithVolume(1)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            count(cluster, 1, 2);
            SnapshotKey two = assertSaved(save(cluster, 1, key, "go-on", "two"));
            ApplicationKey copy = new ApplicationKey("default", "copy");
            assertSaved(cluster.node(1).desk().perform(
                    new Order.Copy(copy.toString(), 0, two.toString()), Duration.ofSeconds(20)));
            cluster.apply(new SnapshotCommand.Restore(new SnapshotKey(copy, "two"), false));
            assertEquals("3", cluster.node(1).get("/apps/copy/", "3").body());
            assertEquals("4", cluster.node(1).get("/apps/copy/", "4").body());
            assertEquals("3", cluster.node(1).get("/apps/db/", "5").body());
            assertEquals("4", cluster.volumes().content("copy-data"));
            assertEquals("3", cluster.volumes().content("data"));
        }
    }

    @Test
    void whatCannotBeSavedGoesOnAndKeepsNothing() throws Exception {
        try (AppCluster cluster = clusterWithVolume(1)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            count(cluster, 1, 1);
            cluster.node(1).fakeRuntime().failWhen(what -> what.equals("checkpoint") ? "no" : "");
            assertInstanceOf(Answer.Refused.class, save(cluster, 1, key, "sleep", "one"));
            assertEquals("2", cluster.node(1).get("/apps/db/", "2").body(), "it goes on");
            assertEquals(Set.of(), cluster.volumes().pinned());
        }
    }

    @Test
    void aVolumeThatAnotherInstanceHasIsNotShared() throws Exception {
        try (AppCluster cluster = clusterWithVolume(1)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            assertEquals("1", cluster.node(1).get("/apps/db/", "1").body());
            cluster.define("other", withVolume(cluster, "data"));
            assertEquals(503, cluster.node(1).get("/apps/other/", "1").statusCode());
            assertEquals(Map.of("data", key + "/0"), cluster.node(1).volumes().users());
        }
    }

    private AppCluster clusterWithVolume(int nodes) throws Exception {
        AppCluster cluster = new AppCluster(folder, nodes);
        cluster.defineVolume("data", 7);
        return cluster;
    }

    private static void count(AppCluster cluster, int node, int times) throws Exception {
        for (int i = 1; i <= times; i++) {
            assertEquals(Integer.toString(i), cluster.node(node).get("/apps/db/", "" + i).body());
            assertEquals(Integer.toString(i), cluster.volumes().content("data"));
        }
    }

    private static Answer save(AppCluster cluster, int node, ApplicationKey key, String then, String name) {
        return cluster.node(node).desk().perform(
                new Order.Save(key.toString(), -1, Optional.of(name), then), Duration.ofSeconds(20));
    }

    private static SnapshotKey assertSaved(Answer answer) {
        return SnapshotKey.parse(assertInstanceOf(Answer.Saved.class, answer, answer.toString()).snapshot());
    }

    private static Set<String> kinds(AppCluster cluster) {
        return Set.of(cluster.node(2).desk().pictures().getFirst().startKind().label());
    }

    private static String reason(AppCluster cluster) {
        return cluster.node(2).desk().pictures().getFirst().reason();
    }

    private static ApplicationSpec withVolume(AppCluster cluster, String volume) {
        ApplicationSpec spec = cluster.counter(ONE);
        return new ApplicationSpec(
                spec.root(), spec.command(), spec.environment(), spec.workingFolder(), spec.port(),
                spec.access(), List.of(new Mount(Mount.Kind.VOLUME, volume, "/var/lib/db", false)),
                spec.limits(), spec.probe(), spec.scaling(), spec.snapshots());
    }
}
