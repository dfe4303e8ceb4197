package io.holdfast.node;

import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.image.ImageStore;
import io.holdfast.hostio.image.UnpackLimits;
import io.holdfast.node.blob.ClusterBlobs;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.image.ClusterImages;
import io.holdfast.node.image.ImageImports;
import io.holdfast.node.image.ImageRoots;
import io.holdfast.node.image.LayerReclaimer;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.lifecycle.OpenParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Images on this node: what the cluster keeps, what this node imports, and what it has unpacked.
///
/// @param images what the cluster keeps
/// @param roots what of images is unpacked here
/// @param imports what this node brings into the cluster
/// @param reclaimer takes out of the registry what nothing refers to
/// @param unpackedBytesMax what unpacked layers may take
record ImageParts(
        ClusterImages images,
        ImageRoots roots,
        ImageImports imports,
        LayerReclaimer reclaimer,
        long unpackedBytesMax) {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final Duration CARE_EVERY = Duration.ofSeconds(30);

    /// Unpacked layers may take this, or a quarter of the disk if that is less.
    private static final long UNPACKED_BYTES_MAX = 32L << 30;

    private static final int DISK_SHARE = 4;

    static ImageParts open(
            OpenParts parts, NodeConfig config, LedgerAccess ledger, ClusterBlobs blobs, InstantSource clock)
            throws IOException {
        Path folder = config.dataDirectory().resolve("images");
        ImageStore store = ImageStore.open(folder, UnpackLimits.STANDARD);
        ClusterImages images = new ClusterImages(ledger.reader(), blobs);
        ImageImports imports = parts.open("image imports", CLOSE_WITHIN,
                () -> new ImageImports(config.name(), ledger, store, images, blobs, ledger.clock()));
        long bytesMax = Math.min(
                UNPACKED_BYTES_MAX, Files.getFileStore(folder).getTotalSpace() / DISK_SHARE);
        return new ImageParts(
                images,
                new ImageRoots(store, images),
                imports,
                new LayerReclaimer(ledger, images, ledger.clock()),
                bytesMax);
    }

    /// From now on what is no longer needed goes: unpacked layers here and, if this node leads, layers of
    /// the cluster.
    void keepTidy(OpenParts parts, ContainerRuntime runtime, BooleanSupplier leads, InstantSource clock) {
        VolumeParts.keep(parts, "image-space", CARE_EVERY, () -> {
            imports.endLeft();
            roots.trim(unpackedBytesMax, inUse(runtime), clock.instant());
            if (leads.getAsBoolean()) {
                var _ = reclaimer.step();
            }
        });
    }

    private static Set<Path> inUse(ContainerRuntime runtime) {
        Set<Path> folders = new HashSet<>();
        runtime.containers().forEach(container -> folders.addAll(container.spec().layers()));
        return folders;
    }
}
