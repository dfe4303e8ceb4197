package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.TOO_LARGE;
import static io.holdfast.hostio.image.ImageException.Kind.UNAVAILABLE;

import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.hostio.image.RegistryCalls.Answer;
import java.io.IOException;
import java.io.InputStream;

/// An image in a registry, by the OCI distribution protocol. Confined to its user.
final class RegistrySource implements ImageSource {
    private final ImageReference.Registry reference;
    private final RegistryCalls calls;

    private RegistrySource(ImageReference.Registry reference, RegistryCalls calls) {
        this.reference = reference;
        this.calls = calls;
    }

    static RegistrySource open(ImageReference.Registry reference) {
        return new RegistrySource(reference, new RegistryCalls(reference));
    }

    /// The manifest is read to learn its size; its digest is the reference's own if that is one.
    @Override
    public Blob resolve(Platform platform) throws IOException {
        try (Answer answer = calls.get("manifests/" + reference.selector(), MediaTypes.accepted(), 0)) {
            byte[] document = answer.body().readNBytes(Documents.BYTES_MAX + 1);
            if (document.length > Documents.BYTES_MAX) {
                throw new ImageException(TOO_LARGE, "the manifest is too large: image=" + reference
                        + " bytesMax=" + Documents.BYTES_MAX);
            }
            String type = answer.header("Content-Type").split(";", 2)[0].strip();
            LayerDigest digest = reference.isPinned()
                    ? new LayerDigest(reference.selector())
                    : Digests.sha256Of(document);
            return new Blob(type, digest, document.length);
        } catch (ImageException known) {
            throw known;
        } catch (IOException failure) {
            throw new ImageException(UNAVAILABLE,
                    "the manifest cannot be read: image=" + reference + " reason=" + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public InputStream open(Blob blob) throws IOException {
        boolean isManifest = MediaTypes.isIndex(blob.mediaType()) || MediaTypes.isManifest(blob.mediaType());
        String path = (isManifest ? "manifests/" : "blobs/") + blob.digest();
        String accepted = isManifest ? blob.mediaType() : "*/*";
        return new ResumingInput(offset -> calls.get(path, accepted, offset), path);
    }

    @Override
    public void close() {
        calls.close();
    }
}
