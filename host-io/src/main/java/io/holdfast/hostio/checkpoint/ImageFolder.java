package io.holdfast.hostio.checkpoint;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Checkpoint images as folders: sealed once, verified before each use. Concurrent.
///
/// Verifying hashes every byte, at a third of the cost of a restore; so a folder that was verified is only
/// looked at again as long as number, size and times of its files have not changed. The change time cannot
/// be set from outside the kernel.
public final class ImageFolder {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int MANIFEST_BYTES_MAX = 16 << 20;
    private static final int REMEMBERED_MAX = 1_000;

    private final Map<Path, String> verified = new ConcurrentHashMap<>();

    /// An image whose bytes are those its manifest names.
    public record Verified(ImageManifest manifest, CheckpointImage image) {}

    /// Writes the manifest over everything that is in the folder, and with that makes it an image.
    public CheckpointImage seal(Path folder, ImageManifest open) throws IOException {
        List<ImageFile> files = new ArrayList<>();
        for (Path file : regularFiles(folder)) {
            files.add(new ImageFile(folder.relativize(file).toString(), Files.size(file), digest(file)));
        }
        ImageManifest manifest = new ImageManifest(
                open.origin(), open.externals(), open.layerCount(), files, open.statistics());
        Files.write(folder.resolve(ImageManifest.NAME), manifest.toBytes());
        remember(folder, fingerprint(folder, files));
        return image(folder, manifest);
    }

    /// Reads an image and checks it whole.
    ///
    /// @throws ContainerException of kind `IMAGE_CORRUPT` if anything is not as it was sealed
    public Verified open(Path folder) {
        try {
            byte[] bytes = manifestBytes(folder);
            ImageManifest manifest = ImageManifest.parse(bytes);
            verify(folder, manifest);
            return new Verified(manifest, image(folder, manifest));
        } catch (IOException damage) {
            throw new ContainerException(
                    Kind.IMAGE_CORRUPT, "the checkpoint is damaged: folder=" + folder + " cause="
                            + damage.getMessage(),
                    damage);
        }
    }

    /// The same, if it is the image that the caller means.
    public Verified open(Path folder, String manifestDigest) {
        try {
            String found = digest(manifestBytes(folder));
            if (!found.equals(manifestDigest)) {
                throw new ContainerException(
                        Kind.IMAGE_CORRUPT, "not the checkpoint that was asked for: folder="
                        + folder + " expected=" + manifestDigest + " found=" + found);
            }
        } catch (IOException missing) {
            throw new ContainerException(
                    Kind.IMAGE_CORRUPT, "the checkpoint has no manifest: folder=" + folder, missing);
        }
        return open(folder);
    }

    private static byte[] manifestBytes(Path folder) throws IOException {
        Path file = folder.resolve(ImageManifest.NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MANIFEST_BYTES_MAX) {
            throw new IOException("no manifest: file=" + file);
        }
        return Files.readAllBytes(file);
    }

    private static CheckpointImage image(Path folder, ImageManifest manifest) {
        byte[] bytes = manifest.toBytes();
        List<ImageFile> files = new ArrayList<>(manifest.files());
        files.add(new ImageFile(ImageManifest.NAME, bytes.length, digest(bytes)));
        return new CheckpointImage(
                folder,
                digest(bytes),
                manifest.origin().compatibility(),
                manifest.origin().createdAt(),
                files,
                manifest.statistics());
    }

    private void verify(Path folder, ImageManifest manifest) throws IOException {
        List<Path> present = regularFiles(folder);
        String fingerprint = fingerprint(folder, manifest.files());
        if (present.size() != manifest.files().size() + 1) {
            throw new IOException(
                    "files that the manifest does not name: present=" + present.size() + " named="
                    + (manifest.files().size() + 1));
        }
        if (fingerprint.equals(verified.get(folder))) {
            return;
        }
        for (ImageFile file : manifest.files()) {
            String found = digest(folder.resolve(file.path()));
            if (!found.equals(file.digest())) {
                throw new IOException(
                        "a file has other bytes: file=" + file.path() + " expected=" + file.digest()
                        + " found=" + found);
            }
        }
        remember(folder, fingerprint);
    }

    private void remember(Path folder, String fingerprint) {
        if (verified.size() >= REMEMBERED_MAX) {
            verified.clear();
        }
        verified.put(folder, fingerprint);
    }

    /// A digest over what would change with any of the files.
    private static String fingerprint(Path folder, List<ImageFile> files) throws IOException {
        StringBuilder prints = new StringBuilder();
        for (ImageFile file : files) {
            Path path = folder.resolve(file.path());
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) != file.bytes()) {
                throw new IOException("a file is missing or has another size: file=" + file.path() + " bytes="
                        + file.bytes());
            }
            Map<String, Object> attributes =
                    Files.readAttributes(path, "unix:ino,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            prints.append(file.path()).append(' ').append(file.digest())
                    .append(' ').append(attributes.get("ino"))
                    .append(' ').append(attributes.get("ctime"))
                    .append(' ').append(attributes.get("lastModifiedTime")).append('\n');
        }
        return digest(prints.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Sorted; anything that is neither file nor folder is refused.
    private static List<Path> regularFiles(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> files = tree.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
            for (Path file : files) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("neither file nor folder: file=" + file);
                }
            }
            return files;
        }
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
