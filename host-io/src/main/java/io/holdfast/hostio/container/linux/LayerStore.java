package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writable layers of checkpoints, unpacked once by digest and then shared, read-only, by all that goes on
/// from them. Concurrent: a layer appears by one rename.
record LayerStore(Path folder) {
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
