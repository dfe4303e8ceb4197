package io.holdfast.hostio.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.CheckpointImage.CheckpointStatistics;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.LifecycleHooks;
import io.holdfast.hostio.container.LifecycleHooks.CallHttp;
import io.holdfast.hostio.container.LifecycleHooks.SendSignal;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.container.RootFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageManifestTest {
    private static final String DIGEST = "ab".repeat(32);

    @Test
    void whatWasWrittenIsRead() throws IOException {
        ImageManifest manifest = manifest("criu/pages-1.img");
        assertEquals(manifest, ImageManifest.parse(manifest.toBytes()));
    }

    @Test
    void pathsThatLeadElsewhereAreRefused() {
        for (String path : List.of(
                "../x", "/etc/passwd", "criu/../../x", "criu/a/b", "criu/..", "other/x", "")) {
            byte[] bytes = manifest(path).toBytes();
            assertThrows(IOException.class, () -> ImageManifest.parse(bytes), path);
        }
    }

    @Test
    void otherVersionsAreRefused() {
        String text = new String(manifest("criu/a").toBytes(), StandardCharsets.UTF_8);
        byte[] newer = text.replace("\"version\" : 1", "\"version\" : 2").getBytes(StandardCharsets.UTF_8);
        assertTrue(assertThrows(IOException.class, () -> ImageManifest.parse(newer))
                .getMessage()
                .contains("version=2"));
    }

    @Test
    void anyDamageGivesAManifestOrAnError() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] sound = manifest("criu/pages-1.img").toBytes();
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = sound.clone();
            for (int hits = random.nextInt(3); hits >= 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertTrue(ImageManifest.parse(damaged).files().size() <= 1, "seed=" + seed);
            } catch (IOException expected) {
                refused++;
            }
        }
        assertTrue(refused > 0, "seed=" + seed);
    }

    private static ImageManifest manifest(String path) {
        Program program = Program.of("/bin/service", "--port", "80")
                .withEnvironment(Map.of("A", "b"))
                .withHooks(new LifecycleHooks(
                        List.of(new SendSignal(10)),
                                List.of(new CallHttp(80, "/woken", Duration.ofSeconds(1)))));
        ContainerSpec spec =
                ContainerSpec.of(new ContainerId("a"), RootFileSystem.of("sha256:1", Path.of("/layer")),
                        program)
                        .withMembers(List.of(new Member(
                                "db", RootFileSystem.of("sha256:2", Path.of("/db")), Program.of("/bin/db"))));
        CompatibilityClass compatibility = new CompatibilityClass("k", "p", "t", "sha256:1");
        return new ImageManifest(
                new ImageManifest.Origin(spec, compatibility, Instant.EPOCH, 1, 7, List.of(8L), false),
                List.of("/dev"),
                1,
                List.of(new ImageFile(path, 3, DIGEST)),
                new CheckpointStatistics(1, 2, 3, 4));
    }
}
