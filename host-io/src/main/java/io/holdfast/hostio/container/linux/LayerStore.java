package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Writable layers of checkpoints, unpacked once by digest and then shared, read-only, by all that goes on
/// from them. Concurrent: a layer appears by one rename.
record LayerStore(Path folder) {
    private static final int TAR_BLOCK_BYTES = 512;
    private static final int TAR_KIND_OFFSET = 156;
    private static final byte TAR_FOLDER = '5';

    /// The layers of a verified image, the topmost first.
    List<Path> unpack(Path image, ImageManifest manifest) throws IOException, InterruptedException {
        List<Path> layers = new ArrayList<>();
        for (int index = 0; index < manifest.layerCount(); index++) {
            String name = "layers/" + index + ".tar";
            Optional<ImageFile> file =
                    manifest.files().stream().filter(entry -> entry.path().equals(name)).findFirst();
            if (file.isEmpty()) {
                throw new IOException("the image lacks a layer: layer=" + name);
            }
            layers.add(unpack(image.resolve(name), file.get().digest()));
        }
        return layers;
    }

    private Path unpack(Path packed, String digest) throws IOException, InterruptedException {
        Path layer = folder.resolve(digest.substring(0, 32));
        if (Files.isDirectory(layer)) {
            return layer;
        }
        Path fresh = Files.createTempDirectory(folder, "new-");
        unpack(packed, fresh);
        try {
            Files.move(fresh, layer, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException cameFirst) {
            new OwnedFolder(fresh).delete();
            if (!Files.isDirectory(layer)) {
                throw cameFirst;
            }
        }
        return layer;
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
