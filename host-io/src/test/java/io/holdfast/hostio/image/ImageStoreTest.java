package io.holdfast.hostio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.hostio.image.ImageException.Kind;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.testing.LayerTar;
import io.holdfast.hostio.testing.OciLayout;
import io.holdfast.hostio.testing.OciLayout.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    private static final UnpackLimits LIMITS = new UnpackLimits(1 << 20, 200, 8);
    private static final String HERE = Platform.here().architecture();

    @TempDir
    private Path directory;

    private OciLayout layout;
    private ImageStore store;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(
                Files.getOwner(directory).getName().equals("root"),
                "skipped: owners, whiteouts and mounts need root");
        layout = new OciLayout(directory.resolve("layout"));
        store = ImageStore.open(directory.resolve("store"), LIMITS);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        Mounts.unmountBelow(directory.toRealPath());
    }

    @Test
    void anImageBecomesFoldersWithAllThatItsFilesHad() throws IOException {
        layout.layer(new LayerTar()
                                .folder("./")
                                .folder("bin")
                                .file("bin/tool", new byte[] {1, 2, 3}, 04755)
                                .link("bin/alias", "tool")
                                .hardLink("bin/twin", "bin/tool")
                                .link("lib", "/usr/lib")
                                .file("usr/lib/name with ő", "x")
                                .device("dev/null", 1, 3)
                                .withAttributes("marked", "m",
                                        Map.of("user.origin", "here", "trusted.overlay.x", "y"))
                                .add(TarConstants.LF_FIFO, "pipe", new byte[0], entry -> entry.setMode(0600))
                                .add(TarConstants.LF_NORMAL, "owned", new byte[0], entry -> {
                                    entry.setUserId(1000);
                                    entry.setGroupId(70_000L);
                                }),
                        Compression.GZIP)
                .image("one", HERE, Map.of());
        Path layer = unpack("one").getFirst();

        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(layer.resolve("bin/tool")));
        assertEquals(04755, (int) Files.getAttribute(layer.resolve("bin/tool"), "unix:mode") & 07777);
        assertEquals(Path.of("tool"), Files.readSymbolicLink(layer.resolve("bin/alias")));
        assertTrue(Files.isSameFile(layer.resolve("bin/tool"), layer.resolve("bin/twin")));
        assertEquals(1000, Files.getAttribute(layer.resolve("owned"), "unix:uid"));
        assertEquals(70_000, Files.getAttribute(layer.resolve("owned"), "unix:gid"));
        assertEquals(LayerTar.TIME_SECONDS * 1_000,
                Files.getLastModifiedTime(layer.resolve("bin")).toMillis());
        assertEquals(
                LayerTar.TIME_SECONDS * 1_000,
                Files.getLastModifiedTime(layer.resolve("bin/alias"), LinkOption.NOFOLLOW_LINKS).toMillis());
        assertEquals("rwxr-xr-x",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(layer.resolve("usr"))));
        assertArrayEquals(
                OciLayout.utf8("here"), (byte[]) Files.getAttribute(layer.resolve("marked"), "user:origin"));
        try (var names = Files.list(layer.resolve("usr/lib"))) {
            assertEquals(1, names.count());
        }
    }

    @Test
    void layersAreUnpackedOnceWhateverTheyAreCompressedWith() throws IOException {
        byte[] tar = new LayerTar().file("a", "1").bytes();
        for (Compression compression : Compression.values()) {
            layout.layer(tar, compression).image(compression.name(), HERE, Map.of());
        }
        List<Path> first = unpack("NONE");
        assertEquals(first, unpack("GZIP"));
        assertEquals(first, unpack("ZSTD"));
    }

    @Test
    void anArchiveIsReadLikeTheFolderItWasMadeOf() throws IOException {
        layout.layer(new LayerTar().file("a", "1".repeat(100_000)), Compression.NONE)
                .layer(new LayerTar().file("b", "2"), Compression.GZIP)
                .image("x", HERE, Map.of());
        List<Path> layers = unpack("x");
        Path archive = layout.archived(directory.resolve("layout.tar"));
        ImageStore other = ImageStore.open(directory.resolve("other"), LIMITS);
        try (ImageSource source = ImageSources.open(ImageReference.parse("oci-archive:" + archive))) {
            List<Path> unpacked = other.unpack(source, other.read(source));
            assertEquals(layers.stream().map(Path::getFileName).toList(),
                    unpacked.stream().map(Path::getFileName).toList());
            assertEquals("2", Files.readString(unpacked.getFirst().resolve("b")));
        }
    }

    @Test
    void overlayfsShowsWhatTheLayersMeanTogether() throws IOException {
        layout.layer(new LayerTar().file("gone", "1").file("kept", "1").file("full/old", "1")
                                .file("replaced/old", "1").file("both/old", "1").file("turned", "1"),
                        Compression.NONE)
                .layer(new LayerTar().file(".wh.gone", "").file("full/new", "2").file("full/.wh..wh..opq", "")
                                .file(".wh.replaced", "").file("replaced/new", "2")
                                .file("both/new", "2").file(".wh.both", "")
                                .file(".wh..wh.plnk", "").file("turned/inside", "2"),
                        Compression.GZIP)
                .layer(new LayerTar().file("top", "3"), Compression.ZSTD)
                .image("x", HERE, Map.of());
        List<Path> layers = unpack("x");
        Path seen = Files.createDirectory(directory.resolve("seen"));
        Mounts.overlayReadOnly(layers, seen);
        try {
            assertEquals(
                    Set.of("kept", "full", "full/new", "replaced", "replaced/new", "both", "both/new",
                            "turned",
                            "turned/inside", "top"),
                    namesIn(seen));
        } finally {
            Mounts.unmountBelow(seen);
        }
    }

    @Test
    void whatComesTwiceCountsTheLastTime() throws IOException {
        layout.layer(new LayerTar().file("a", "1").file("a", "2").folder("b").file("b", "file").folder("a"),
                        Compression.NONE)
                .image("x", HERE, Map.of());
        Path layer = unpack("x").getFirst();
        assertTrue(Files.isDirectory(layer.resolve("a")));
        assertEquals("file", Files.readString(layer.resolve("b")));
    }

    @Test
    void aLayerTwiceInAnImageIsThereOnce() throws IOException {
        byte[] tar = new LayerTar().file("a", "1").bytes();
        layout.layer(tar, Compression.NONE).layer(new LayerTar().file("a", "2"), Compression.NONE)
                .layer(tar, Compression.GZIP).image("x", HERE, Map.of());
        List<Path> layers = unpack("x");
        assertEquals(2, layers.size());
        assertEquals("1", Files.readString(layers.getFirst().resolve("a")));
    }

    @Test
    void nothingIsMadeOutsideOfTheFolder() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "unharmed");
        List<LayerTar> tars = List.of(
                new LayerTar().file("../evil", "x"),
                new LayerTar().file("a/../../evil", "x"),
                new LayerTar().file("/" + outside + "/evil", "x"),
                new LayerTar().link("a", outside.toString()).file("a/evil", "x"),
                new LayerTar().link("a", "../../../outside").file("a/evil", "x"),
                new LayerTar().link("a", outside + "/victim").file("a", "x"),
                new LayerTar().link("a", outside.toString()).hardLink("b", "a/victim"),
                new LayerTar().hardLink("b", "../../outside/victim"),
                new LayerTar().hardLink("b", outside + "/victim"),
                new LayerTar().link("a", outside.toString()).file("a/.wh.victim", ""),
                new LayerTar().link("a", outside.toString()).file("a/.wh..wh..opq", ""),
                new LayerTar().file(".wh...", ""),
                new LayerTar().file(".wh..", ""),
                new LayerTar().link("a", "/proc/self/root" + outside).file("a/evil", "x"),
                new LayerTar().link("a", outside.toString()).folder("a/evil"),
                new LayerTar().link("a", outside.toString()).add(
                        TarConstants.LF_DIR, "a/", new byte[0], entry -> entry.setMode(0)));
        for (int index = 0; index < tars.size(); index++) {
            layout.layer(tars.get(index), Compression.NONE).image("n" + index, HERE, Map.of());
            try {
                unpack("n" + index);
            } catch (ImageException refused) {
                assertEquals(Kind.INVALID, refused.kind(), refused.getMessage());
                assertTrue(refused.getMessage().contains("entry="), refused.getMessage());
            }
            assertEquals(Set.of("victim"), namesIn(outside), "tar=" + index);
            assertEquals("unharmed", Files.readString(outside.resolve("victim")), "tar=" + index);
            assertEquals(1, Files.getAttribute(outside.resolve("victim"), "unix:nlink"), "tar=" + index);
            assertFalse(Files.exists(directory.resolve("evil")), "tar=" + index);
        }
    }

    @Test
    void whatNoImageNeedsIsRefusedWithItsPlace() throws IOException {
        refused(Kind.INVALID, "entry=sda",
                new LayerTar().add(TarConstants.LF_BLK, "sda", new byte[0], entry -> {
            entry.setDevMajor(8);
        }));
        refused(Kind.INVALID, "device=0:0", new LayerTar().device("whiteout", 0, 0));
        refused(Kind.INVALID, "device=1:1", new LayerTar().device("mem", 1, 1));
        refused(Kind.INVALID, "not in the layer", new LayerTar().hardLink("a", "b"));
        refused(Kind.INVALID, "entry=a", new LayerTar().file("a/b", "").file("a", ""));
        refused(Kind.INVALID, "entry=a/b", new LayerTar().file("a", "").file("a/b", ""));
        refused(Kind.INVALID, "name too long", new LayerTar().file("n".repeat(300), ""));
        refused(Kind.INVALID, "nested too deep", new LayerTar().file("d/".repeat(300) + "f", ""));
        refused(Kind.INVALID, "no number of a user", new LayerTar().add(
                TarConstants.LF_NORMAL, "a", new byte[0], entry -> entry.setUserId(1L << 40)));
    }

    @Test
    void bombsAreStoppedAtTheLimits() throws IOException {
        refused(Kind.TOO_LARGE, "bytesMax=1048576", new LayerTar().file("big", new byte[2 << 20], 0644));
        LayerTar many = new LayerTar();
        for (int count = 0; count < 300; count++) {
            many.file("f" + count, "");
        }
        refused(Kind.TOO_LARGE, "countMax=200", many);
        refused(Kind.TOO_LARGE, "header is too large", new LayerTar().add(
                TarConstants.LF_GNUTYPE_LONGNAME, "././@LongLink", new byte[1 << 20], entry -> {}));
        refused(Kind.TOO_LARGE, "header is too large", new LayerTar().add(
                TarConstants.LF_PAX_EXTENDED_HEADER_LC, "pax", paxOf(1 << 20), entry -> {}));
        LayerTar nested = new LayerTar();
        for (int count = 0; count < 5_000; count++) {
            nested.add(TarConstants.LF_PAX_EXTENDED_HEADER_LC, "pax", new byte[0], entry -> {});
        }
        refused(Kind.TOO_LARGE, "header is too large", nested);
        for (int count = 0; count < 9; count++) {
            layout.layer(new LayerTar().file("f" + count, ""), Compression.NONE);
        }
        layout.image("deep", HERE, Map.of());
        assertEquals(Kind.TOO_LARGE, assertThrows(ImageException.class, () -> unpack("deep")).kind());
    }

    private static byte[] paxOf(int length) {
        String rest = " comment=" + "x".repeat(length) + "\n";
        int digits = Integer.toString(rest.length() + 7).length();
        return OciLayout.utf8((rest.length() + digits) + rest);
    }

    @Test
    void bytesThatAreNotWhatTheirDigestsSayAreRefused() throws IOException {
        LayerTar tar = new LayerTar().file("a", "1");
        byte[] bytes = tar.bytes();
        String wrong = "sha256:" + "0".repeat(64);
        layout.layer(bytes, Compression.GZIP).claimingUnpacked(wrong).image("diff", HERE, Map.of());
        layout.layer(bytes, Compression.GZIP).claiming(layer -> layer.put("size", 10))
                .image("short", HERE, Map.of());
        layout.layer(bytes, Compression.GZIP).claiming(layer -> layer.put("size", 10_000))
                .image("long", HERE, Map.of());
        layout.layer(bytes, Compression.NONE)
                .claiming(layer -> layer.put("mediaType", "application/vnd.oci.image.layer.v1.tar+zstd"))
                .image("type", HERE, Map.of());
        for (String name : List.of("diff", "short", "long", "type")) {
            ImageException refused = assertThrows(ImageException.class, () -> unpack(name), name);
            assertEquals(Kind.INVALID, refused.kind(), refused.getMessage());
        }
        try (var left = Files.list(directory.resolve("store/layers"))) {
            assertEquals(0, left.count(), "nothing half-made stays");
        }
    }

    @Test
    void damagedLayersAreRefusedWhateverIsDamaged() throws IOException {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] sound = new LayerTar().folder("d").file("d/a", "1".repeat(2_000)).link("l", "d/a")
                .hardLink("h", "d/a").file("d/" + "n".repeat(150), "2")
                .withAttributes("x", "3", Map.of("user.a", "b")).bytes();
        for (int round = 0; round < 300; round++) {
            byte[] damaged = sound.clone();
            int changes = 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = random.nextInt(3) == 0
                    ? java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length))
                    : damaged;
            Path fresh = Files.createDirectory(directory.resolve("fuzz-" + round));
            try {
                var _ = new LayerUnpacker(LIMITS, "fuzz")
                        .unpack(new java.io.ByteArrayInputStream(cut), fresh);
            } catch (ImageException refused) {
                assertTrue(refused.kind() == Kind.INVALID || refused.kind() == Kind.TOO_LARGE,
                        "seed=" + seed);
            } catch (IOException other) {
                throw new AssertionError("seed=" + seed + " round=" + round, other);
            }
            new OwnedFolder(directory.toRealPath()).deleteBelow(fresh.toRealPath());
        }
        for (int round = 0; round < 200; round++) {
            byte[] noise = new byte[random.nextInt(4_096)];
            random.nextBytes(noise);
            Compression compression = List.of(Compression.values()).get(random.nextInt(3));
            layout.layer(noise, compression).image("noise", HERE, Map.of());
            try {
                unpack("noise");
            } catch (ImageException refused) {
                assertTrue(refused.kind() != Kind.UNAVAILABLE, "seed=" + seed);
            }
            layout = new OciLayout(directory.resolve("layout"));
        }
    }

    @Test
    void whatAReferenceMeantIsRememberedWhileItsLayersAreHere() throws IOException {
        ImageReference reference = ImageReference.parse("r.example/a:v1");
        assertEquals(Optional.empty(), store.recall(reference.toString()));
        layout.layer(new LayerTar().file("a", "1"), Compression.NONE)
                .image("x", HERE, Map.of("Cmd", List.of("/a"), "Env", List.of("A=b")));
        ImageReference here = ImageReference.parse("oci:" + layout.folder() + ":x");
        try (ImageSource source = ImageSources.open(here)) {
            OciImage image = store.read(source);
            store.remember(reference.toString(), image);
            assertEquals(Optional.empty(), store.recall(reference.toString()), "no layer is here yet");
            List<Path> layers = store.unpack(source, image);
            ImageStore later = ImageStore.open(directory.resolve("store"), LIMITS);
            assertEquals(Optional.of(image), later.recall(reference.toString()));
            assertEquals(layers, later.foldersOf(image));
        }
        try (var names = Files.list(directory.resolve("store/names"))) {
            Files.writeString(names.findFirst().orElseThrow(), "{");
        }
        assertEquals(Optional.empty(), store.recall(reference.toString()));
    }

    @Test
    void layersUsedLongestAgoGoFirstButNoneThatIsNeeded() throws IOException {
        List<Path> layers = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            layout.layer(new LayerTar().file(name, "x".repeat(10_000)), Compression.NONE)
                    .image(name, HERE, Map.of());
            layers.addAll(unpack(name));
        }
        Instant now = Instant.now();
        long all = store.bytes();
        assertTrue(all >= 40_000, () -> "bytes=" + all);
        assertEquals(0, store.trim(0, Set.of(), now.minusSeconds(600)), "all are used");
        for (int age = 1; age <= 4; age++) {
            Path note = directory.resolve("store/uses").resolve(layers.get(4 - age).getFileName());
            Files.setLastModifiedTime(note, FileTime.from(now.minusSeconds(1_000L * age)));
        }
        // The oldest stays because a container stands on it; two of the others are enough.
        assertTrue(store.trim(all / 2, Set.of(layers.get(0)), now.minusSeconds(600)) > 0);
        assertEquals(List.of(true, false, false, true), layers.stream().map(Files::isDirectory).toList());
        try (var left = Files.list(directory.resolve("store"))) {
            assertEquals(3, left.count(), "nothing is left half removed");
        }
        assertEquals(List.of(layers.get(1)), unpack("b"), "it comes back when it is needed");
        Files.delete(directory.resolve("store/uses").resolve(layers.get(3).getFileName()));
        assertTrue(store.bytes() >= 30_000, "what has no note is measured");
    }

    @Test
    void aStoreRemovesWhatItsPredecessorHadBegun() throws IOException {
        Path begun = Files.createDirectories(directory.resolve("store/new-1/half"));
        layout.layer(new LayerTar().file("a", "1"), Compression.NONE).image("x", HERE, Map.of());
        List<Path> layers = unpack("x");
        store = ImageStore.open(directory.resolve("store"), LIMITS);
        assertFalse(Files.exists(begun));
        assertEquals(layers, unpack("x"));
    }

    private void refused(Kind kind, String words, LayerTar tar) throws IOException {
        layout.layer(tar, Compression.ZSTD).image("refused", HERE, Map.of());
        ImageException refused = assertThrows(ImageException.class, () -> unpack("refused"), words);
        assertEquals(kind, refused.kind(), refused.getMessage());
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
        layout = new OciLayout(directory.resolve("layout"));
    }

    private List<Path> unpack(String name) throws IOException {
        try (ImageSource source =
                ImageSources.open(ImageReference.parse("oci:" + layout.folder() + ":" + name))) {
            return store.unpack(source, store.read(source));
        }
    }

    private static Set<String> namesIn(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return Set.copyOf(files.filter(each -> !each.equals(folder))
                    .map(each -> folder.relativize(each).toString()).toList());
        }
    }
}
