package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.NOT_FOUND;
import static io.holdfast.hostio.image.ImageException.Kind.TOO_LARGE;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.hostio.id.LayerDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Finds the image of a platform behind a reference and reads its documents. Immutable.
///
/// @param platform that programs are to run on
/// @param layerCountMax the most layers an image may have
public record ImageReader(Platform platform, int layerCountMax) {
    /// An index may refer to indexes; more of them than this refer in circles or to no end.
    private static final int INDEX_DEPTH_MAX = 3;

    /// Follows a source's reference down to the image of this platform.
    ///
    /// @throws ImageException if there is none, or it is not what it says
    public OciImage read(ImageSource source) throws IOException {
        Blob blob = source.resolve(platform);
        for (int depth = 0; depth <= INDEX_DEPTH_MAX; depth++) {
            JsonNode document = Documents.read(source, blob);
            String type = typeOf(blob, document);
            if (MediaTypes.isManifest(type)) {
                return image(source, blob, document);
            }
            if (!MediaTypes.isIndex(type)) {
                throw ImageException.invalid("neither a manifest nor an index: digest=" + blob.digest()
                        + " mediaType=" + type);
            }
            blob = choose(document, "index " + blob.digest());
        }
        throw ImageException.invalid("indexes refer to indexes to no end: digest=" + blob.digest());
    }

    /// What the reference says it is; older tools say it only in the document.
    private static String typeOf(Blob blob, JsonNode document) {
        boolean isTold = MediaTypes.isIndex(blob.mediaType()) || MediaTypes.isManifest(blob.mediaType());
        if (isTold) {
            return blob.mediaType();
        }
        String type = document.path("mediaType").asText();
        if (!type.isEmpty()) {
            return type;
        }
        return document.has("manifests") ? MediaTypes.INDEX : MediaTypes.MANIFEST;
    }

    /// The entry of an index for this platform.
    private Blob choose(JsonNode index, String what) throws ImageException {
        List<String> offered = new ArrayList<>();
        for (JsonNode entry : Documents.list(index.path("manifests"), "manifests")) {
            if (!entry.has("platform")) {
                offered.add("unnamed");
                continue;
            }
            Platform offer = Documents.platformOf(entry.path("platform"));
            if (platform.runs(offer)) {
                return Documents.blobOf(entry);
            }
            offered.add(offer.toString());
        }
        List<JsonNode> all = Documents.list(index.path("manifests"), "manifests");
        if (all.size() == 1 && !all.getFirst().has("platform")) {
            return Documents.blobOf(all.getFirst());
        }
        throw new ImageException(
                NOT_FOUND, "no image for this platform: platform=" + platform + " offered=" + offered + " in="
                + what);
    }

    private OciImage image(ImageSource source, Blob manifest, JsonNode document) throws IOException {
        Blob configuration = Documents.blobOf(document.path("config"));
        if (!MediaTypes.isConfiguration(configuration.mediaType())) {
            throw ImageException.invalid("not an image but something else: manifest=" + manifest.digest()
                    + " mediaType=" + configuration.mediaType());
        }
        JsonNode config = Documents.read(source, configuration);
        Platform made = Documents.platformOf(config);
        if (!platform.runs(made)) {
            throw new ImageException(NOT_FOUND, "the image is for another platform: platform=" + made
                    + " here=" + platform + " manifest=" + manifest.digest());
        }
        return new OciImage(
                manifest, configuration, settings(config.path("config")), layers(manifest, document, config));
    }

    private List<OciImage.Layer> layers(Blob manifest, JsonNode document, JsonNode config)
            throws ImageException {
        List<JsonNode> stored = Documents.list(document.path("layers"), "layers");
        List<String> unpacked = Documents.texts(config.path("rootfs").path("diff_ids"), "diff_ids");
        if (stored.size() != unpacked.size() || stored.isEmpty()) {
            throw ImageException.invalid("manifest and configuration disagree: manifest=" + manifest.digest()
                    + " layers=" + stored.size() + " diffIds=" + unpacked.size());
        }
        if (stored.size() > layerCountMax) {
            throw new ImageException(TOO_LARGE, "too many layers: manifest=" + manifest.digest() + " layers="
                    + stored.size() + " layersMax=" + layerCountMax);
        }
        List<OciImage.Layer> layers = new ArrayList<>();
        for (int index = 0; index < stored.size(); index++) {
            Blob blob = Documents.blobOf(stored.get(index));
            var _ = MediaTypes.compressionOf(blob.mediaType());
            layers.add(new OciImage.Layer(blob, digest(unpacked.get(index))));
        }
        return layers;
    }

    private static LayerDigest digest(String text) throws ImageException {
        try {
            return new LayerDigest(text);
        } catch (IllegalArgumentException malformed) {
            throw new ImageException(
                    ImageException.Kind.INVALID, String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private static ImageSettings settings(JsonNode config) throws ImageException {
        List<String> ports = new ArrayList<>();
        config.path("ExposedPorts").fieldNames().forEachRemaining(ports::add);
        return new ImageSettings(
                Documents.texts(config.path("Entrypoint"), "Entrypoint"),
                Documents.texts(config.path("Cmd"), "Cmd"),
                Documents.texts(config.path("Env"), "Env"),
                config.path("WorkingDir").asText(""),
                config.path("User").asText(""),
                ports);
    }
}
