package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import io.holdfast.node.http.port.InstanceDesk.Order;
import io.holdfast.node.testing.AppCluster;
import io.holdfast.node.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Applications with volumes, whose file systems are stood in for by folders.
final class VolumeInstanceTest {
    private static final Scaling ONE = new Scaling(0, 1, 0, 60_000, Scaling.OnIdle.SAVE);

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void aVolumeGoesWithItsInstanceAndIsGivenBack() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 3)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            assertEquals("1", cluster.node(1).get("/apps/db/", "1").body());
            assertEquals(Map.of("data", key + "/0"), cluster.node(1).volumes().users());
            assertEquals(List.of(), cluster.catalog().snapshots(key), "no memory is saved by itself");

            cluster.node(1).cutOff();
            assertEquals("1", cluster.node(2).get("/apps/db/", "2").body(), "started cold elsewhere");
            assertEquals(Map.of("data", key + "/0"), cluster.node(2).volumes().users());

            cluster.stop(key);
            Await.until("it is given back", () -> cluster.node(2).volumes().users().isEmpty());
        }
    }

    @Test
    @Timeout(120)
    void itsMemoryIsNotSavedAndTheReasonIsSaid() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            assertEquals("1", cluster.node(1).get("/apps/db/", "1").body());
            Answer answer = cluster.node(1).desk().perform(
                    new Order.Save(key.toString(), -1, Optional.empty(), "go-on"), Duration.ofSeconds(20));
            assertTrue(answer instanceof Answer.Refused refused
                    && refused.detail().contains("holdfast volume snapshot data"), answer.toString());
            assertEquals("2", cluster.node(1).get("/apps/db/", "2").body(), "it goes on");
        }
    }

    @Test
    @Timeout(120)
    void aVolumeThatAnotherInstanceHasIsNotShared() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("db", withVolume(cluster, "data"));
            assertEquals("1", cluster.node(1).get("/apps/db/", "1").body());
            cluster.define("other", withVolume(cluster, "data"));
            assertEquals(503, cluster.node(1).get("/apps/other/", "1").statusCode());
            assertEquals(Map.of("data", key + "/0"), cluster.node(1).volumes().users());
        }
    }

    private static ApplicationSpec withVolume(AppCluster cluster, String volume) {
        ApplicationSpec spec = cluster.counter(ONE);
        return new ApplicationSpec(
                spec.root(), spec.command(), spec.environment(), spec.workingFolder(), spec.port(),
                spec.access(), List.of(new Mount(Mount.Kind.VOLUME, volume, "/var/lib/db", false)),
                spec.limits(), spec.probe(), spec.scaling(), spec.snapshots());
    }
}
