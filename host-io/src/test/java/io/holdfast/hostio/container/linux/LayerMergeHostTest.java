package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.nativeaccess.OpenFolder;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernel's overlayfs is asked what layers show, apart and merged.
@Tag("host")
class LayerMergeHostTest {
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_122L);
    private static final int ROUNDS = 25;
    private static final int GENERATIONS = 6;
    private static final int CHANGES = 40;
    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    private Path folder;

    @BeforeEach
    void requireRoot() {
        HostTool.requireThat("root".equals(System.getProperty("user.name")), "mounts need root");
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmountBelow(folder);
    }

    @Test
    void mergedLayersShowWhatTheyShowedApart() throws Exception {
        System.out.println("LayerMergeHostTest seed=" + SEED);
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Path place = Files.createDirectory(folder.resolve("round-" + round));
            Path image = Files.createDirectory(place.resolve("image"));
            change(image, random);
            List<Path> layers = new ArrayList<>();
            Map<String, String> apart = Map.of();
            for (int generation = 0; generation < GENERATIONS; generation++) {
                List<Path> lowers = new ArrayList<>(layers);
                lowers.add(image);
                Path upper = Files.createDirectory(place.resolve("upper-" + generation));
                Path root = mounted(place, "generation-" + generation, lowers, upper);
                change(root, random);
                apart = shown(root);
                Mounts.unmountBelow(root);
                layers.addFirst(upper);
            }
            for (Path lower : layers.subList(1, layers.size())) {
                LayerMerge.fill(layers.getFirst(), lower);
            }
            Path nothing = Files.createDirectory(place.resolve("nothing"));
            Path root = mounted(place, "merged", List.of(layers.getFirst(), image), nothing);
            assertEquals(apart, shown(root), "round=" + round);
            Mounts.unmountBelow(root);
        }
    }

    @Test
    void foldersThatWereRenamedInPassingAreRefused() throws Exception {
        Path upper = Files.createDirectory(folder.resolve("upper"));
        Path lower = Files.createDirectory(folder.resolve("lower"));
        Files.createDirectories(lower.resolve("a/b"));
        try (OpenFolder renamed = OpenFolder.root(lower.resolve("a/b"))) {
            renamed.setAttribute(
                    ".", "trusted.overlay.redirect", "/c".getBytes(StandardCharsets.US_ASCII));
        }
        assertThrows(IOException.class, () -> LayerMerge.fill(upper, lower));
    }

    private static Path mounted(Path place, String name, List<Path> lowers, Path upper) throws IOException {
        Path work = Files.createDirectory(place.resolve("work-" + name));
        Path root = Files.createDirectory(place.resolve("root-" + name));
        Mounts.overlay(lowers, upper, work, root);
        return root;
    }

    private static void change(Path root, Random random) throws IOException {
        for (int step = 0; step < CHANGES; step++) {
            Path at = root;
            int depth = 1 + random.nextInt(3);
            for (int level = 1; level < depth; level++) {
                Path below = at.resolve(NAMES.get(random.nextInt(NAMES.size())));
                at = Files.isDirectory(below, LinkOption.NOFOLLOW_LINKS) ? below : at;
            }
            changeName(at.resolve(NAMES.get(random.nextInt(NAMES.size()))), at, random);
        }
    }

    private static void changeName(Path path, Path parent, Random random) throws IOException {
        Path other = parent.resolve(NAMES.get(random.nextInt(NAMES.size())));
        switch (random.nextInt(6)) {
            case 0 -> delete(path);
            case 1 -> {
                delete(path);
                Files.createDirectory(path);
            }
            case 2 -> {
                delete(path);
                Files.writeString(path, "content " + random.nextInt());
            }
            case 3 -> {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        && !Files.exists(other, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createLink(other, path);
                }
            }
            case 4 -> {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && !other.equals(path)) {
                    delete(other);
                    Files.move(path, other);
                }
            }
            default -> {
                delete(path);
                Files.createSymbolicLink(path, Path.of("target-" + random.nextInt(10)));
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> content = Files.list(path)) {
                for (Path each : content.toList()) {
                    delete(each);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /// Each name with what stands there.
    private static Map<String, String> shown(Path root) throws IOException {
        Map<String, String> shown = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                String what = Files.isSymbolicLink(path) ? "-> " + Files.readSymbolicLink(path)
                        : Files.isDirectory(path) ? "folder" : Files.readString(path);
                shown.put(root.relativize(path).toString(), what);
            }
        }
        return shown;
    }
}
