package io.holdfast.hostio.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.hostio.container.CheckpointImage.CheckpointStatistics;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.SpecJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What an image says of itself, in the file `manifest.json`. Immutable.
///
/// @param origin what it was made of
/// @param externals destinations of the mounts that come from the machine, in the order they were made
/// @param layerCount how many writable layers it has, `layers/0.tar` being the topmost
/// @param files all but the manifest itself, sorted by path
public record ImageManifest(
        Origin origin,
        List<String> externals,
        int layerCount,
        List<ImageFile> files,
        CheckpointStatistics statistics) {
    public static final String NAME = "manifest.json";

    private static final String FORMAT = "holdfast-checkpoint";
    private static final int VERSION = 1;
    private static final int FILE_COUNT_MAX = 100_000;

    /// Writable layers: each restore adds one, and the kernel takes only so many for one mount.
    public static final int LAYER_COUNT_MAX = 32;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public ImageManifest {
        externals = List.copyOf(externals);
        files = List.copyOf(files);
    }

    /// What an image was made of.
    ///
    /// @param spec the container's, as it was created
    /// @param restoreCount how often its state had been restored before
    /// @param logPipe the number of the pipe it printed to
    /// @param memberPipes of those that its members printed to, in their order
    /// @param keepsConnections whether established connections are in it
    public record Origin(
            ContainerSpec spec,
            CompatibilityClass compatibility,
            Instant createdAt,
            int restoreCount,
            long logPipe,
            List<Long> memberPipes,
            boolean keepsConnections) {
        public Origin {
            memberPipes = List.copyOf(memberPipes);
        }
    }

    /// The bytes of the file, the same for equal manifests.
    public byte[] toBytes() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("format", FORMAT).put("version", VERSION);
        ObjectNode compatibility = node.putObject("compatibility");
        compatibility.put("kernel", origin.compatibility().kernel());
        compatibility.put("processor", origin.compatibility().processor());
        compatibility.put("checkpointTool", origin.compatibility().checkpointTool());
        compatibility.put("rootDigest", origin.compatibility().rootDigest());
        node.put("createdAt", origin.createdAt().toString());
        node.put("restoreCount", origin.restoreCount());
        node.put("logPipe", origin.logPipe());
        if (!origin.memberPipes().isEmpty()) {
            origin.memberPipes().forEach(node.putArray("memberPipes")::add);
        }
        node.put("keepsConnections", origin.keepsConnections());
        externals.forEach(node.putArray("externals")::add);
        node.put("layerCount", layerCount);
        node.putObject("statistics")
                .put("totalMillis", statistics.totalMillis())
                .put("frozenMillis", statistics.frozenMillis())
                .put("memoryBytes", statistics.memoryBytes())
                .put("processCount", statistics.processCount());
        ArrayNode list = node.putArray("files");
        files.forEach(file -> list.addObject()
                .put("path", file.path())
                .put("bytes", file.bytes())
                .put("sha256", file.digest()));
        node.set("spec", SpecJson.write(origin.spec()));
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Reads what [#toBytes] has written; any bytes give a manifest or an error.
    public static ImageManifest parse(byte[] bytes) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node == null || !node.path("format").asText().equals(FORMAT)) {
                throw new IOException("not a checkpoint's manifest");
            }
            if (node.path("version").asInt() != VERSION) {
                throw new IOException("a manifest of another version: version=" + node.path("version").asInt()
                        + " known=" + VERSION);
            }
            int layerCount = node.path("layerCount").asInt();
            if (layerCount < 0 || layerCount > LAYER_COUNT_MAX) {
                throw new IOException("a manifest with too many layers: layerCount=" + layerCount);
            }
            List<String> externals = new ArrayList<>();
            node.path("externals").forEach(external -> externals.add(external.asText()));
            JsonNode statistics = node.path("statistics");
            return new ImageManifest(
                    readOrigin(node),
                    externals,
                    layerCount,
                    readFiles(node.path("files")),
                    new CheckpointStatistics(
                            statistics.path("totalMillis").asLong(),
                            statistics.path("frozenMillis").asLong(),
                            statistics.path("memoryBytes").asLong(),
                            statistics.path("processCount").asInt()));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException malformed) {
            throw new IOException("not a checkpoint's manifest: " + malformed.getMessage(), malformed);
        }
    }

    private static Origin readOrigin(JsonNode node) {
        JsonNode compatibility = node.path("compatibility");
        List<Long> memberPipes = new ArrayList<>();
        node.path("memberPipes").forEach(pipe -> memberPipes.add(pipe.asLong()));
        return new Origin(
                SpecJson.read(node.path("spec")),
                new CompatibilityClass(
                        compatibility.path("kernel").asText(),
                        compatibility.path("processor").asText(),
                        compatibility.path("checkpointTool").asText(),
                        compatibility.path("rootDigest").asText()),
                Instant.parse(node.path("createdAt").asText()),
                node.path("restoreCount").asInt(),
                node.path("logPipe").asLong(),
                memberPipes,
                node.path("keepsConnections").asBoolean());
    }

    /// Every path must be plain and below the folder, and none may come twice.
    private static List<ImageFile> readFiles(JsonNode list) throws IOException {
        List<ImageFile> files = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode entry : list) {
            String path = entry.path("path").asText();
            String digest = entry.path("sha256").asText();
            long bytes = entry.path("bytes").asLong(-1);
            boolean isPlain = path.matches("(criu|layers)/[A-Za-z0-9._-]{1,120}|shm\\.tar")
                    && !path.contains("..");
            if (!isPlain || !digest.matches("[0-9a-f]{64}") || bytes < 0 || !seen.add(path)
                    || files.size() >= FILE_COUNT_MAX) {
                throw new IOException("a manifest with an impossible file: path=" + path + " bytes=" + bytes);
            }
            files.add(new ImageFile(path, bytes, digest));
        }
        return files;
    }
}
