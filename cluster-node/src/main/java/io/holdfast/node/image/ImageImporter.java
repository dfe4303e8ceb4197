package io.holdfast.node.image;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.ImageCommand;
import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.image.ImageDraft;
import io.holdfast.gridstate.image.ImagePart;
import io.holdfast.gridstate.layer.LayerDraft;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.hostio.image.Blob;
import io.holdfast.hostio.image.ImageException;
import io.holdfast.hostio.image.ImageSource;
import io.holdfast.hostio.image.ImageSources;
import io.holdfast.hostio.image.OciImage;
import io.holdfast.hostio.image.Platform;
import io.holdfast.node.blob.BlobUnavailableException;
import io.holdfast.node.blob.ClusterBlobs;
import io.holdfast.node.http.port.ImageDesk;
import io.holdfast.node.ledger.LedgerAccess;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Puts the parts of an image into the chunk store, each verified and each once, and enters the image when
/// all are there. Immutable; blocks.
final class ImageImporter {
    /// Parts that were found there may have been reclaimed before the image refers to them: once more, then.
    private static final int ATTEMPTS_MAX = 3;

    /// A volume of blobs that another node took over meanwhile is back with the second.
    private static final int PUTS_MAX = 2;

    private final LedgerAccess ledger;
    private final ClusterImages images;
    private final ClusterBlobs blobs;

    ImageImporter(LedgerAccess ledger, ClusterImages images, ClusterBlobs blobs) {
        this.ledger = ledger;
        this.images = images;
        this.blobs = blobs;
    }

    /// Is told how an import goes on, and may throw to end it.
    interface Watcher {
        /// What there is to do.
        void begin(long totalBytes);

        /// So many bytes more are done.
        void moved(long bytes) throws IOException;
    }

    /// Does it.
    ///
    /// @return what the ledger says to it
    GridReply run(ImageDesk.Order order, ImageSource source, OciImage image, Watcher watcher)
            throws IOException {
        Set<Blob> parts = new LinkedHashSet<>(List.of(image.manifest(), image.configuration()));
        image.layers().forEach(layer -> parts.add(layer.blob()));
        watcher.begin(parts.stream().mapToLong(Blob::sizeBytes).sum());
        ImageCommand.Put command =
                new ImageCommand.Put(order.name(), draftOf(order, image, parts), order.expected());
        for (int attempt = 1; ; attempt++) {
            for (Blob part : parts) {
                keep(source, part, watcher);
            }
            GridReply reply =
                    ledger.submit(new CommandEnvelope(order.actor(), order.requestId(), command));
            boolean isPartGone = reply instanceof GridReply.Refused refused
                    && refused.code() == RefusalCode.NOT_FOUND;
            if (!isPartGone || attempt == ATTEMPTS_MAX) {
                return reply;
            }
        }
    }

    private static ImageDraft draftOf(ImageDesk.Order order, OciImage image, Set<Blob> parts) {
        List<ImagePart> others = new ArrayList<>();
        for (Blob part : parts) {
            if (!part.equals(image.manifest())) {
                others.add(partOf(part));
            }
        }
        return new ImageDraft(
                order.reference(),
                Platform.here().toString(),
                image.configuration().digest(),
                partOf(image.manifest()),
                others);
    }

    private static ImagePart partOf(Blob blob) {
        return new ImagePart(blob.mediaType(), blob.digest(), blob.sizeBytes());
    }

    private void keep(ImageSource source, Blob part, Watcher watcher) throws IOException {
        if (images.blobOf(part.digest()).isPresent()) {
            watcher.moved(part.sizeBytes());
            return;
        }
        StoredBlob stored = put(source, part, watcher);
        LayerCommand command = new LayerCommand.Register(
                part.digest(), LayerDraft.in(stored, part.mediaType()), Optional.empty());
        GridReply reply = ledger.submit(command);
        if (!images.blobOf(part.digest()).equals(Optional.of(stored))) {
            // Refused, or somebody else had the same layer at the same time.
            blobs.discard(stored);
        }
        if (reply instanceof GridReply.Refused refused) {
            throw new ImageException(ImageException.Kind.INVALID, refused.message());
        }
    }

    private StoredBlob put(ImageSource source, Blob part, Watcher watcher) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (InputStream bytes = new Watched(ImageSources.verified(source, part), watcher)) {
                return blobs.put(bytes, part.sizeBytes());
            } catch (BlobUnavailableException notNow) {
                if (attempt == PUTS_MAX) {
                    throw notNow;
                }
            }
        }
    }

    /// Tells of what is read. Confined to its reader.
    private static final class Watched extends FilterInputStream {
        private final Watcher watcher;

        Watched(InputStream bytes, Watcher watcher) {
            super(bytes);
            this.watcher = watcher;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            watcher.moved(Math.max(0, read));
            return read;
        }
    }
}
