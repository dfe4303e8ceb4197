package io.holdfast.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import io.holdfast.node.http.port.InstanceDesk.Order;
import io.holdfast.node.testing.AppCluster;
import io.holdfast.node.testing.AppNode;
import io.holdfast.node.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots of one application that share what they have in common, from the request to the restore.
final class SnapshotSharingTest {
    private static final Scaling ONE = new Scaling(0, 1, 0, 0, Scaling.OnIdle.SAVE);

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void whatIsSharedOutlivesTheSnapshotItWasStoredFor() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2)) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            save(cluster.node(1), key, "one", "go-on");
            save(cluster.node(1), key, "two", "end");
            Await.until("it has ended", () -> cluster.node(1).host().instances().isEmpty());
            SnapshotKey first = new SnapshotKey(key, "one");
            StoredImage one = stored(cluster, first);
            StoredImage two = stored(cluster, new SnapshotKey(key, "two"));
            assertTrue(two.packs().contains(one.blob().orElseThrow()), two.toString());
            assertEquals(two.contentBytes(), two.sharedBytes());

            cluster.apply(new SnapshotCommand.Condemn(first, "for a test", ExpectedVersion.ANY));
            Set<StoredBlob> kept = new HashSet<>();
            new SnapshotBlobs(cluster.catalog()).forEach(kept::add);
            assertTrue(kept.containsAll(two.packs()), "named for as long as one uses them");
            cluster.blobs().all().stream().filter(blob -> !kept.contains(blob)).forEach(
                    cluster.blobs()::discard);
            assertEquals("2", cluster.node(2).get("/apps/counter/", "2").body(), "with its memory");
        }
    }

    @Test
    @Timeout(120)
    void oneWhoseSharedPackGoesWhileItIsMadeIsStoredWhole() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            save(cluster.node(1), key, "one", "go-on");
            cluster.catalog().snapshots(key).stream()
                    .filter(snapshot -> !snapshot.key().name().equals("one"))
                    .forEach(snapshot -> cluster.apply(
                            new SnapshotCommand.Delete(snapshot.key(), ExpectedVersion.ANY)));
            cluster.blobs().afterNextPut(() -> cluster.apply(new SnapshotCommand.Condemn(
                    new SnapshotKey(key, "one"), "for a test", ExpectedVersion.ANY)));
            save(cluster.node(1), key, "two", "end");
            StoredImage two = stored(cluster, new SnapshotKey(key, "two"));
            assertEquals(0, two.sharedBytes());
            assertTrue(two.shared().isEmpty());
            assertFalse(two.blob().isEmpty());
            assertEquals("2", cluster.node(1).get("/apps/counter/", "2").body(), "with its memory");
        }
    }

    private static StoredImage stored(AppCluster cluster, SnapshotKey key) {
        return cluster.catalog().snapshot(key).orElseThrow().stored().orElseThrow();
    }

    private static void save(AppNode node, ApplicationKey key, String name, String then) {
        Answer answer = node.desk().perform(
                new Order.Save(key.toString(), -1, Optional.of(name), then), Duration.ofSeconds(60));
        assertTrue(answer instanceof Answer.Saved, answer.toString());
    }
}
