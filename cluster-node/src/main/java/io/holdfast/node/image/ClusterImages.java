package io.holdfast.node.image;

import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.image.ImageCatalogs;
import io.holdfast.gridstate.image.ImageEntry;
import io.holdfast.gridstate.image.ImagePart;
import io.holdfast.gridstate.layer.LayerCatalogs;
import io.holdfast.gridstate.layer.LayerEntry;
import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.hostio.image.Blob;
import io.holdfast.hostio.image.ImageException;
import io.holdfast.hostio.image.ImageSource;
import io.holdfast.hostio.image.Platform;
import io.holdfast.node.blob.BlobReferences;
import io.holdfast.node.blob.ClusterBlobs;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/// The images that the cluster keeps, as this node's copy of the state has them; their parts come from the
/// hosts that hold them. Concurrent.
public final class ClusterImages implements BlobReferences {
    private final CatalogReader reader;
    private final ClusterBlobs blobs;

    public ClusterImages(CatalogReader reader, ClusterBlobs blobs) {
        this.reader = reader;
        this.blobs = blobs;
    }

    /// What a name means now.
    Optional<ImageEntry> find(String name) {
        return reader.get(ImageCatalogs.IMAGES, name).map(Versioned::value);
    }

    /// Where a part lies, if the cluster has it.
    Optional<StoredBlob> blobOf(LayerDigest part) {
        return reader.get(LayerCatalogs.LAYERS, part).map(Versioned::value).flatMap(LayerEntry::blob);
    }

    /// Every layer.
    void layers(Consumer<Versioned<LayerDigest, LayerEntry>> receiver) {
        new ClusterRecords(reader).each(LayerCatalogs.LAYERS, receiver);
    }

    /// Of every layer there is, in whatever state: what is to go leaves the registry first.
    @Override
    public void forEach(Consumer<StoredBlob> sink) {
        layers(layer -> layer.value().blob().ifPresent(sink));
    }

    /// The image as a source, which is checked by its readers as any other is.
    ImageSource source(ImageEntry entry) {
        return new Source(entry.image().manifest());
    }

    private final class Source implements ImageSource {
        private final ImagePart manifest;

        Source(ImagePart manifest) {
            this.manifest = manifest;
        }

        @Override
        public Blob resolve(Platform platform) {
            return new Blob(manifest.mediaType(), manifest.digest(), manifest.sizeBytes());
        }

        @Override
        public InputStream open(Blob blob) throws ImageException {
            return blobOf(blob.digest()).map(blobs::open).orElseThrow(() -> new ImageException(
                    ImageException.Kind.NOT_FOUND, "the cluster does not have the part: " + blob.digest()));
        }

        @Override
        public void close() {
            // Nothing stays open between the parts.
        }
    }
}
