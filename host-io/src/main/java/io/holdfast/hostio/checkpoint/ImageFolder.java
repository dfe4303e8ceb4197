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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Checkpoint images as folders: sealed once, verified before each use. Concurrent.
///
/// Verifying hashes every byte, at a third of the cost of a restore; so a folder that was verified is only
/// looked at again as long as number, size and times of its files have not changed. The change time cannot
/// be set from outside the kernel.
public final class ImageFolder {
    private static final String LOOKED_AT = "unix:isRegularFile,size,ino,ctime,lastModifiedTime";
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int MANIFEST_BYTES_MAX = 16 << 20;
    private static final int REMEMBERED_MAX = 1_000;

    private final Map<Path, Known> verified = new ConcurrentHashMap<>();

    /// What was found in a folder when all of it was read.
    ///
    /// @param manifestDigest of the manifest's bytes
    /// @param fingerprint of all other files
    private record Known(String manifestDigest, String fingerprint, Verified found) {}

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
        byte[] bytes = manifest.toBytes();
        Files.write(folder.resolve(ImageManifest.NAME), bytes);
        CheckpointImage image = image(folder, manifest, bytes);
        remember(folder, new Known(
                image.manifestDigest(), fingerprint(folder, files), new Verified(manifest, image)));
        return image;
    }

    /// Reads an image and checks it whole.
    ///
    /// @throws ContainerException of kind `IMAGE_CORRUPT` if anything is not as it was sealed
    public Verified open(Path folder) {
        try {
            return verified(folder, manifestBytes(folder));
        } catch (IOException damage) {
            throw damaged(folder, damage);
        }
    }

    /// The same, if it is the image that the caller means.
    public Verified open(Path folder, String manifestDigest) {
        byte[] manifest;
        try {
            manifest = manifestBytes(folder);
        } catch (IOException missing) {
            throw new ContainerException(
                    Kind.IMAGE_CORRUPT, "the checkpoint has no manifest: folder=" + folder, missing);
        }
        String found = digest(manifest);
        if (!found.equals(manifestDigest)) {
            throw new ContainerException(
                    Kind.IMAGE_CORRUPT, "not the checkpoint that was asked for: folder="
                    + folder + " expected=" + manifestDigest + " found=" + found);
        }
        try {
            return verified(folder, manifest);
        } catch (IOException damage) {
            throw damaged(folder, damage);
        }
    }

    private static ContainerException damaged(Path folder, IOException damage) {
        return new ContainerException(
                Kind.IMAGE_CORRUPT, "the checkpoint is damaged: folder=" + folder + " cause="
                        + damage.getMessage(),
                damage);
    }

    private static byte[] manifestBytes(Path folder) throws IOException {
        Path file = folder.resolve(ImageManifest.NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MANIFEST_BYTES_MAX) {
            throw new IOException("no manifest: file=" + file);
        }
        return Files.readAllBytes(file);
    }

    private static CheckpointImage image(Path folder, ImageManifest manifest, byte[] bytes) {
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

    private Verified verified(Path folder, byte[] bytes) throws IOException {
        String manifestDigest = digest(bytes);
        Optional<Known> before = Optional.ofNullable(verified.get(folder))
                .filter(known -> known.manifestDigest().equals(manifestDigest));
        ImageManifest manifest =
                before.isPresent() ? before.get().found().manifest() : ImageManifest.parse(bytes);
        List<Path> present = regularFiles(folder);
        String fingerprint = fingerprint(folder, manifest.files());
        if (present.size() != manifest.files().size() + 1) {
            throw new IOException(
                    "files that the manifest does not name: present=" + present.size() + " named="
                    + (manifest.files().size() + 1));
        }
        if (before.isPresent() && before.get().fingerprint().equals(fingerprint)) {
            return before.get().found();
        }
        for (ImageFile file : manifest.files()) {
            String found = digest(folder.resolve(file.path()));
            if (!found.equals(file.digest())) {
                throw new IOException(
                        "a file has other bytes: file=" + file.path() + " expected=" + file.digest()
                        + " found=" + found);
            }
        }
        Verified whole = new Verified(manifest, image(folder, manifest, manifest.toBytes()));
        remember(folder, new Known(manifestDigest, fingerprint, whole));
        return whole;
    }

    private void remember(Path folder, Known found) {
        if (verified.size() >= REMEMBERED_MAX) {
            verified.clear();
        }
        verified.put(folder, found);
    }

    /// A digest over what would change with any of the files.
    private static String fingerprint(Path folder, List<ImageFile> files) throws IOException {
        StringBuilder prints = new StringBuilder();
        for (ImageFile file : files) {
            Path path = folder.resolve(file.path());
            Map<String, Object> attributes = attributes(path);
            if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))
                    || !Long.valueOf(file.bytes()).equals(attributes.get("size"))) {
                throw new IOException("a file is missing or has another size: file=" + file.path() + " bytes="
                        + file.bytes());
            }
            prints.append(file.path()).append(' ').append(file.digest())
                    .append(' ').append(attributes.get("ino"))
                    .append(' ').append(attributes.get("ctime"))
                    .append(' ').append(attributes.get("lastModifiedTime")).append('\n');
        }
        return digest(prints.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// None if there is nothing.
    private static Map<String, Object> attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, LOOKED_AT, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException missing) {
            return Map.of();
        }
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
