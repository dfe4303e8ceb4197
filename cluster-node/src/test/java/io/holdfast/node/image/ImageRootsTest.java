package io.holdfast.node.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.gridstate.application.Root;
import io.holdfast.hostio.image.ImageStore;
import io.holdfast.hostio.image.ImageUser;
import io.holdfast.hostio.image.Platform;
import io.holdfast.hostio.image.UnpackLimits;
import io.holdfast.hostio.testing.LayerTar;
import io.holdfast.hostio.testing.OciLayout;
import io.holdfast.hostio.testing.OciLayout.Compression;
import io.holdfast.node.app.ResolvedRoot;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.testing.MemoryBlobs;
import io.holdfast.node.testing.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRootsTest {
    private static final String HERE = Platform.here().architecture();

    @TempDir
    private Path directory;

    private final MemoryLedger ledger = new MemoryLedger(InstantSource.system(), 1);
    private ImageRoots roots;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Files.getOwner(directory).getName().equals("root"), "skipped: owners need root");
        roots = reopened();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void anImageIsOneRootWithWhatItSaysOfItsProgram() throws Exception {
        Path layout = image("a", Map.of("Cmd", List.of("/run"), "User", "web:staff"));
        ResolvedRoot root = roots.resolve(new Root.Image("oci:" + layout + ":v1"));
        assertEquals(List.of("/run"), root.settings().commandOr(List.of()));
        assertEquals(List.of("/other"), root.settings().commandOr(List.of("/other")));
        assertEquals(new ImageUser(1_000, 50), root.user());
        assertEquals("a", Files.readString(root.files().layers().getFirst().resolve("content")));
        Path archive = new OciLayout(layout).archived(directory.resolve("x.tar"));
        assertEquals(root, roots.resolve(new Root.Image("oci-archive:" + archive + ":v1")));
    }

    @Test
    void aNameStandsForOneImageAsLongAsTheNodeRuns() throws Exception {
        Root.Image reference = new Root.Image("oci:" + image("a", Map.of()) + ":v1");
        ResolvedRoot before = roots.resolve(reference);
        assertEquals(before.files().layers(), reopened().resolve(reference).files().layers());
        Path moved = image("b", Map.of());
        assertEquals(reference, new Root.Image("oci:" + moved + ":v1"));
        assertEquals(before, roots.resolve(reference));
        assertNotEquals(before.files().digest(), reopened().resolve(reference).files().digest());
    }

    @Test
    void whatCannotBeHadIsNamedWithItsReason() throws Exception {
        Path layout = image("a", Map.of("User", "nobody-knows"));
        StartFailedException user = assertThrows(
                StartFailedException.class, () -> roots.resolve(new Root.Image("oci:" + layout + ":v1")));
        assertTrue(user.getMessage().contains("does not know its user"), user.getMessage());
        StartFailedException name = assertThrows(
                StartFailedException.class, () -> roots.resolve(new Root.Image("oci:" + layout + ":v2")));
        assertTrue(name.getMessage().contains("(not found)"), name.getMessage());
    }

    private ImageRoots reopened() throws IOException {
        ImageStore store = ImageStore.open(directory.resolve("images"), UnpackLimits.STANDARD);
        return new ImageRoots(store, new ClusterImages(ledger.access("node-1").reader(), new MemoryBlobs()));
    }

    /// An image `v1` with this content, and no other.
    private Path image(String content, Map<String, Object> settings) throws IOException {
        Path layout = directory.resolve("layout");
        new OciLayout(layout)
                .layer(new LayerTar().file("content", content)
                                .file("etc/passwd", "root:x:0:0::/:/bin/sh\nweb:x:1000:1000::/:/bin/sh\n")
                                .file("etc/group", "root:x:0:\nstaff:x:50:\n"),
                        Compression.GZIP)
                .image("v1", HERE, settings);
        return layout;
    }
}
