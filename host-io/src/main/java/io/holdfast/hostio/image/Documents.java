package io.holdfast.hostio.image;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.hostio.id.LayerDigest;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Reading of the JSON that images are described with: small, checked, never trusted.
final class Documents {
    /// As registries bound manifests.
    static final int BYTES_MAX = 4 << 20;

    private static final int LIST_LENGTH_MAX = 1_024;
    private static final int TEXT_CHARACTERS_MAX = 64 << 10;
    private static final int NESTING_MAX = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        MAPPER.getFactory().setStreamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(NESTING_MAX)
                .maxStringLength(TEXT_CHARACTERS_MAX)
                .build());
    }

    private Documents() {}

    /// A piece that is a document.
    static JsonNode read(ImageSource source, Blob blob) throws IOException {
        if (blob.sizeBytes() > BYTES_MAX) {
            throw new ImageException(ImageException.Kind.TOO_LARGE, "too large for a document: digest="
                    + blob.digest() + " sizeBytes=" + blob.sizeBytes() + " bytesMax=" + BYTES_MAX);
        }
        try (InputStream bytes = new VerifiedInput(source.open(blob), blob)) {
            return parse(bytes.readAllBytes(), blob.digest().value());
        }
    }

    static JsonNode parse(byte[] bytes, String what) throws IOException {
        try {
            JsonNode document = MAPPER.readTree(bytes);
            if (document == null || !document.isObject()) {
                throw ImageException.invalid("not a JSON object: document=" + what);
            }
            return document;
        } catch (JacksonException malformed) {
            throw new ImageException(
                    ImageException.Kind.INVALID,
                    "not JSON: document=" + what + " reason=" + malformed.getOriginalMessage(),
                    malformed);
        } catch (CharConversionException malformed) {
            throw new ImageException(
                    ImageException.Kind.INVALID,
                    "not text: document=" + what + " reason=" + malformed.getMessage(),
                    malformed);
        }
    }

    /// A piece as it is referred to.
    static Blob blobOf(JsonNode node) throws ImageException {
        try {
            return new Blob(
                    node.path("mediaType").asText(),
                    new LayerDigest(node.path("digest").asText()),
                    node.path("size").asLong(-1));
        } catch (IllegalArgumentException malformed) {
            throw new ImageException(ImageException.Kind.INVALID,
                    "a reference to a piece is malformed: reason=" + malformed.getMessage(), malformed);
        }
    }

    static Platform platformOf(JsonNode node) {
        return new Platform(
                node.path("os").asText("linux"),
                node.path("architecture").asText(),
                node.path("variant").asText(""));
    }

    /// The members of a list; of none if there is no list.
    static List<JsonNode> list(JsonNode node, String what) throws ImageException {
        if (node.size() > LIST_LENGTH_MAX) {
            throw ImageException.invalid(
                    "too many of them: what=" + what + " count=" + node.size() + " countMax="
                            + LIST_LENGTH_MAX);
        }
        List<JsonNode> members = new ArrayList<>();
        node.elements().forEachRemaining(members::add);
        return members;
    }

    static List<String> texts(JsonNode node, String what) throws ImageException {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : list(node, what)) {
            if (!each.isTextual() || each.asText().indexOf('\0') >= 0) {
                throw ImageException.invalid("not a text: what=" + what);
            }
            texts.add(each.asText());
        }
        return texts;
    }
}
