package io.holdfast.hostio.testing;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointImage.CheckpointStatistics;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// A checkpoint of [FakeContainerRuntime]: a manifest of six lines and the program's memory.
@SuppressWarnings("ArrayRecordComponent") // Confined to the fake, never compared.
record FakeImage(CheckpointImage image, List<String> command, int restoreCount, byte[] state) {
    private static final String MANIFEST = "manifest.json";
    private static final String MEMORY = "memory";

    static FakeImage write(Path folder, CompatibilityClass compatibility, List<String> command,
            int restoreCount, byte[] state) {
        String manifest = String.join("\n", compatibility.kernel(), compatibility.processor(),
                compatibility.checkpointTool(), compatibility.rootDigest(), Integer.toString(restoreCount),
                digest(state), String.join("\t", command));
        try {
            Files.createDirectory(folder);
            Files.write(folder.resolve(MEMORY), state);
            Files.writeString(folder.resolve(MANIFEST), manifest);
        } catch (IOException failure) {
            throw new ContainerException(
                    Kind.INVALID_REQUEST, "needs a new folder: folder=" + folder, failure);
        }
        return read(folder);
    }

    static FakeImage read(Path folder) {
        try {
            byte[] manifest = Files.readAllBytes(folder.resolve(MANIFEST));
            byte[] memory = Files.readAllBytes(folder.resolve(MEMORY));
            String[] lines = new String(manifest, StandardCharsets.UTF_8).split("\n", -1);
            if (lines.length != 7 || !lines[5].equals(digest(memory))) {
                throw new ContainerException(Kind.IMAGE_CORRUPT, "not what was written: folder=" + folder);
            }
            CheckpointImage image = new CheckpointImage(
                    folder,
                    digest(manifest),
                    new CompatibilityClass(lines[0], lines[1], lines[2], lines[3]),
                    Instant.EPOCH,
                    List.of(
                            new ImageFile(MANIFEST, manifest.length, digest(manifest)),
                            new ImageFile(MEMORY, memory.length, digest(memory))),
                    new CheckpointStatistics(1, 1, memory.length, 1));
            return new FakeImage(
                    image, Arrays.asList(lines[6].split("\t", -1)), Integer.parseInt(lines[4]), memory);
        } catch (IOException missing) {
            throw new ContainerException(Kind.IMAGE_CORRUPT, "incomplete: folder=" + folder, missing);
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
