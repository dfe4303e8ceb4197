package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writable layers of checkpoints, unpacked once by digest and then shared, read-only, by all that goes on
/// from them. Each restore adds one to those that are saved next; when they are many, they are merged to one
/// that stands for all. Those that nobody uses go after [#UNUSED_KEPT]. Concurrent: a layer appears by one
/// rename, and disappears by one.
final class LayerStore {
    /// More than these are merged: each costs a lookup in every mount, and has to be packed each time.
    static final int APART_MAX = 8;

    static final Duration UNUSED_KEPT = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(LayerStore.class);
    private static final String UNFINISHED = "new-";
    private static final String USELESS = "old-";
    private static final int NAME_DIGITS = 32;
    private static final int TAR_BLOCK_BYTES = 512;
    private static final int TAR_KIND_OFFSET = 156;
    private static final byte TAR_FOLDER = '5';

    private final Path folder;
    private final LongSupplier nanoClock;

    /// When each layer was last asked for, or first seen unused. Guarded by the monitor.
    private final Map<Path, Long> usedNanos = new HashMap<>();

    private LayerStore(Path folder, LongSupplier nanoClock) {
        this.folder = folder;
        this.nanoClock = nanoClock;
    }

    /// Opens a folder that nobody else has open; what a former process left unfinished goes.
    static LayerStore open(Path folder, LongSupplier nanoClock) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path each : found) {
                String name = each.getFileName().toString();
                if (name.startsWith(UNFINISHED) || name.startsWith(USELESS)) {
                    new OwnedFolder(each).delete();
                }
            }
        }
        return new LayerStore(folder, nanoClock);
    }

    /// The layers of a verified image, the topmost first.
    List<Path> unpack(Path image, ImageManifest manifest) throws IOException, InterruptedException {
        List<Packed> packed = new ArrayList<>();
        for (int index = 0; index < manifest.layerCount(); index++) {
            String name = "layers/" + index + ".tar";
            Optional<ImageFile> file =
                    manifest.files().stream().filter(entry -> entry.path().equals(name)).findFirst();
            if (file.isEmpty()) {
                throw new IOException("the image lacks a layer: layer=" + name);
            }
            packed.add(new Packed(image.resolve(name), file.get().digest().substring(0, NAME_DIGITS)));
        }
        if (packed.size() > APART_MAX) {
            try {
                return List.of(merged(packed));
            } catch (IOException unmergeable) {
                LOG.warn("layers stay apart: image={} count={}", image, packed.size(), unmergeable);
            }
        }
        List<Path> layers = new ArrayList<>();
        for (Packed layer : packed) {
            layers.add(kept(layer.name, fresh -> unpack(layer.file, fresh)));
        }
        return layers;
    }

    /// A layer as an image has it.
    private record Packed(Path file, String name) {}

    /// Fills an empty folder.
    private interface Maker {
        void fill(Path fresh) throws IOException, InterruptedException;
    }

    private Path merged(List<Packed> packed) throws IOException, InterruptedException {
        return kept(nameOf(packed), fresh -> {
            unpack(packed.getFirst().file, fresh);
            for (Packed below : packed.subList(1, packed.size())) {
                Path lower = Files.createTempDirectory(folder, UNFINISHED);
                try {
                    unpack(below.file, lower);
                    LayerMerge.fill(fresh, lower);
                } finally {
                    new OwnedFolder(lower).delete();
                }
            }
        });
    }

    private static String nameOf(List<Packed> merged) {
        String names = merged.stream().map(Packed::name).collect(Collectors.joining(" "));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(names.getBytes(StandardCharsets.US_ASCII));
            return "merged-" + HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    private Path kept(String name, Maker maker) throws IOException, InterruptedException {
        Path layer = folder.resolve(name);
        if (isThere(layer)) {
            return layer;
        }
        Path fresh = Files.createTempDirectory(folder, UNFINISHED);
        try {
            maker.fill(fresh);
            Files.move(fresh, layer, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            new OwnedFolder(fresh).delete();
            // Another may have come first.
            if (!isThere(layer)) {
                throw failure;
            }
        }
        return isThere(layer) ? layer : kept(name, maker);
    }

    private synchronized boolean isThere(Path layer) {
        boolean isThere = Files.isDirectory(layer);
        if (isThere) {
            usedNanos.put(layer, nanoClock.getAsLong());
        }
        return isThere;
    }

    /// Deletes what was not asked for in a while and is not among those in use.
    void trim(Set<Path> inUse) {
        try {
            delete(unused(inUse, UNUSED_KEPT));
        } catch (IOException failure) {
            LOG.warn("unused layers stay for now: folder={}", folder, failure);
        }
    }

    /// Deletes all but those in use. Layers are not synced, so what a former process has unpacked is whole
    /// only if this host has not lost power since; a container that runs has proven that for its own.
    void keepOnly(Set<Path> inUse) throws IOException {
        delete(unused(inUse, Duration.ofNanos(-1)));
    }

    private static void delete(List<Path> layers) throws IOException {
        for (Path layer : layers) {
            new OwnedFolder(layer).delete();
        }
    }

    private synchronized List<Path> unused(Set<Path> inUse, Duration kept) throws IOException {
        List<Path> unused = new ArrayList<>();
        long now = nanoClock.getAsLong();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path layer : found) {
                String name = layer.getFileName().toString();
                boolean isKept = inUse.contains(layer) || name.startsWith(UNFINISHED);
                long since = isKept ? now : usedNanos.computeIfAbsent(layer, _ -> now);
                if (!isKept && (name.startsWith(USELESS) || now - since > kept.toNanos())) {
                    usedNanos.remove(layer);
                    unused.add(name.startsWith(USELESS) ? layer : Files.move(
                            layer, folder.resolve(USELESS + name), StandardCopyOption.ATOMIC_MOVE));
                }
            }
        }
        return unused;
    }

    /// Whether a packed folder has anything in it: after the header of the folder itself, and of nothing
    /// else, come blocks of zeros. Saves a call of `tar` where that is so, which is the rule.
    static boolean holdsSomething(Path packed) throws IOException {
        byte[] start = new byte[2 * TAR_BLOCK_BYTES];
        try (InputStream in = Files.newInputStream(packed)) {
            if (in.readNBytes(start, 0, start.length) < start.length) {
                return true;
            }
        }
        boolean isEnd = Arrays.equals(
                start, TAR_BLOCK_BYTES, start.length, new byte[TAR_BLOCK_BYTES], 0, TAR_BLOCK_BYTES);
        return start[TAR_KIND_OFFSET] != TAR_FOLDER || !isEnd;
    }

    /// Unpacks what a capture has packed; never outside of the folder.
    static void unpack(Path packed, Path folder) throws IOException, InterruptedException {
        ProcessRun.of("tar", "--extract", "--file", packed.toString(), "--directory", folder.toString(),
                "--xattrs",
                        "--xattrs-include=*", "--acls", "--numeric-owner", "--same-permissions",
                                "--same-owner")
                .run()
                .orThrow();
    }
}
