package io.holdfast.hostio.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.hostio.id.LayerDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;

/// Which images references meant when they were last looked up, one small file each. Concurrent: a file
/// appears by one rename.
record RememberedImages(Path folder) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final LayerDigest ANY = new LayerDigest("sha256:" + "0".repeat(64));

    void remember(String reference, OciImage image) throws IOException {
        Path fresh = Files.createTempFile(folder, "new-", "");
        Files.write(fresh, MAPPER.writeValueAsBytes(image));
        Files.move(fresh, fileOf(reference), StandardCopyOption.ATOMIC_MOVE);
    }

    /// What is remembered; nothing if the file cannot be read, for it can be made again.
    Optional<OciImage> recall(String reference) {
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(fileOf(reference)), OciImage.class));
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    private Path fileOf(String reference) {
        byte[] digest = Digests.of(ANY).digest(reference.getBytes(UTF_8));
        return folder.resolve(HexFormat.of().formatHex(digest));
    }
}
