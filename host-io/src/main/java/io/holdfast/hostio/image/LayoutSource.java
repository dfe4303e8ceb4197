package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.NOT_FOUND;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.id.LayerDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An image in an OCI layout: `oci-layout`, `index.json` and `blobs/ALGORITHM/DIGEST`, wherever these are.
final class LayoutSource implements ImageSource {
    private static final String NAME = "org.opencontainers.image.ref.name";

    private final LayoutFiles files;
    private final Optional<String> name;

    /// The files of a layout.
    interface LayoutFiles extends AutoCloseable {
        /// A file by its path in the layout.
        ///
        /// @throws ImageException of kind `NOT_FOUND` if it is not there
        InputStream open(String path) throws IOException;

        @Override
        void close() throws IOException;
    }

    LayoutSource(LayoutFiles files, Optional<String> name) {
        this.files = files;
        this.name = name;
    }

    @Override
    public Blob resolve(Platform platform) throws IOException {
        String version = document("oci-layout").path("imageLayoutVersion").asText();
        if (!version.startsWith("1.")) {
            throw ImageException.invalid("not an OCI layout of version 1: version=" + version);
        }
        List<JsonNode> manifests = Documents.list(document("index.json").path("manifests"), "manifests");
        List<JsonNode> named = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (JsonNode each : manifests) {
            String found = each.path("annotations").path(NAME).asText("");
            names.add(found.isEmpty() ? "(none)" : found);
            if (name.isEmpty() || name.get().equals(found)) {
                named.add(each);
            }
        }
        return choose(named, names, platform);
    }

    /// The one with the name; of several, as multi-platform layouts have them, the one for this platform.
    private Blob choose(List<JsonNode> named, List<String> names, Platform platform) throws ImageException {
        if (named.size() == 1) {
            return Documents.blobOf(named.getFirst());
        }
        List<JsonNode> fitting = named.stream()
                .filter(each -> each.has("platform")
                        && platform.runs(Documents.platformOf(each.path("platform"))))
                .toList();
        if (fitting.size() != 1) {
            throw new ImageException(NOT_FOUND, "the layout has not exactly one such image: name="
                    + name.orElse("(not given)") + " names=" + names + " platform=" + platform);
        }
        return Documents.blobOf(fitting.getFirst());
    }

    private JsonNode document(String path) throws IOException {
        try (InputStream bytes = files.open(path)) {
            byte[] read = bytes.readNBytes(Documents.BYTES_MAX + 1);
            if (read.length > Documents.BYTES_MAX) {
                throw new ImageException(
                        ImageException.Kind.TOO_LARGE, "too large for a document: file=" + path);
            }
            return Documents.parse(read, path);
        }
    }

    @Override
    public InputStream open(Blob blob) throws IOException {
        LayerDigest digest = blob.digest();
        return files.open("blobs/" + digest.value().replace(':', '/'));
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
