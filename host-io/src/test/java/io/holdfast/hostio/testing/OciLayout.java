package io.holdfast.hostio.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/// An OCI layout in the making, in a folder. Confined to its test.
public final class OciLayout {
    private static final String TYPE = "application/vnd.oci.image.";

    private final ObjectMapper mapper = new ObjectMapper();
    private final Path folder;
    private final List<ObjectNode> layers = new ArrayList<>();
    private final List<String> diffIds = new ArrayList<>();
    private final ArrayNode index = mapper.createArrayNode();

    /// How a layer is compressed.
    public enum Compression {
        NONE,
        GZIP,
        ZSTD
    }

    public OciLayout(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("blobs/sha256"));
        Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    public Path folder() {
        return folder;
    }

    /// Puts a layer on top of those there are.
    public OciLayout layer(LayerTar tar, Compression compression) throws IOException {
        return layer(tar.bytes(), compression);
    }

    /// The same with any bytes.
    public OciLayout layer(byte[] plain, Compression compression) throws IOException {
        diffIds.add(digest(plain));
        byte[] stored = switch (compression) {
            case NONE -> plain;
            case GZIP -> gzip(plain);
            case ZSTD -> Zstd.compress(plain);
        };
        String suffix = switch (compression) {
            case NONE -> "";
            case GZIP -> "+gzip";
            case ZSTD -> "+zstd";
        };
        layers.add(blob(TYPE + "layer.v1.tar" + suffix, stored));
        return this;
    }

    /// Says that the topmost layer is another one than it is.
    public OciLayout claiming(Consumer<ObjectNode> change) {
        change.accept(layers.getLast());
        return this;
    }

    /// Says so of its uncompressed bytes.
    public OciLayout claimingUnpacked(String digest) {
        diffIds.set(diffIds.size() - 1, digest);
        return this;
    }

    /// Makes an image of the layers so far, and begins anew.
    public OciLayout image(String name, String architecture, Map<String, Object> settings)
            throws IOException {
        ObjectNode config = mapper.createObjectNode().put("os", "linux").put("architecture", architecture);
        config.set("config", mapper.valueToTree(settings));
        ObjectNode rootfs = config.putObject("rootfs").put("type", "layers");
        diffIds.forEach(rootfs.putArray("diff_ids")::add);
        ObjectNode manifest = mapper.createObjectNode().put("schemaVersion", 2)
                .put("mediaType", TYPE + "manifest.v1+json");
        manifest.set("config", blob(TYPE + "config.v1+json", mapper.writeValueAsBytes(config)));
        manifest.putArray("layers").addAll(layers);
        ObjectNode entry = blob(TYPE + "manifest.v1+json", mapper.writeValueAsBytes(manifest));
        entry.putObject("annotations").put("org.opencontainers.image.ref.name", name);
        entry.putObject("platform").put("os", "linux").put("architecture", architecture);
        index.add(entry);
        layers.clear();
        diffIds.clear();
        return writeIndex();
    }

    /// Replaces the images so far by one index of them all.
    public OciLayout nested(String name) throws IOException {
        ObjectNode inner = mapper.createObjectNode().put("schemaVersion", 2);
        inner.putArray("manifests").addAll(index);
        index.removeAll();
        ObjectNode entry = blob(TYPE + "index.v1+json", mapper.writeValueAsBytes(inner));
        entry.putObject("annotations").put("org.opencontainers.image.ref.name", name);
        index.add(entry);
        return writeIndex();
    }

    private OciLayout writeIndex() throws IOException {
        ObjectNode document = mapper.createObjectNode().put("schemaVersion", 2);
        document.set("manifests", index);
        Files.write(folder.resolve("index.json"), mapper.writeValueAsBytes(document));
        return this;
    }

    private ObjectNode blob(String mediaType, byte[] bytes) throws IOException {
        String digest = digest(bytes);
        Files.write(folder.resolve("blobs/sha256").resolve(digest.substring(7)), bytes);
        return mapper.createObjectNode().put("mediaType", mediaType).put("digest", digest)
                .put("size", bytes.length);
    }

    /// The digest of bytes as OCI writes it.
    public static String digest(byte[] bytes) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(stored)) {
            out.write(plain);
        }
        return stored.toByteArray();
    }

    /// Puts the layout into a tar file.
    public Path archived(Path file) throws IOException {
        LayerTar tar = new LayerTar();
        try (var files = Files.walk(folder)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                tar.file(folder.relativize(each).toString(), Files.readAllBytes(each), 0644);
            }
        }
        return Files.write(file, tar.bytes());
    }

    /// Text as bytes.
    public static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
