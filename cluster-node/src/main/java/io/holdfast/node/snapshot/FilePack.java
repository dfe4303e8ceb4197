package io.holdfast.node.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A checkpoint's files as one stream, and back.
///
///     pack:  count (4) | files
///     file:  length of its path (2) | path, UTF-8 | length (8) | bytes
final class FilePack {
    static final int FILES_MAX = 4_096;
    private static final int BUFFER_BYTES = 1 << 18;

    private FilePack() {}

    /// Writes the image's files, and nothing else that lies in its folder.
    static void write(CheckpointImage image, OutputStream target) throws IOException {
        DataOutputStream out = new DataOutputStream(target);
        if (image.files().size() > FILES_MAX) {
            throw new IOException("a checkpoint has too many files: count=" + image.files().size());
        }
        out.writeInt(image.files().size());
        for (ImageFile file : image.files()) {
            byte[] path = file.path().getBytes(UTF_8);
            out.writeShort(path.length);
            out.write(path);
            out.writeLong(file.bytes());
            try (InputStream bytes = Files.newInputStream(image.folder().resolve(file.path()))) {
                long copied = copy(bytes, out, file.bytes());
                if (copied != file.bytes() || bytes.read() >= 0) {
                    throw new IOException("a file changed while it was stored: path=" + file.path());
                }
            }
        }
    }

    /// Writes the files of a pack into a folder that is new and nobody else's.
    ///
    /// @param bytesMax what all files may have together
    static void unpack(InputStream source, Path folder, long bytesMax) throws IOException {
        DataInputStream in = new DataInputStream(source);
        try {
            int count = in.readInt();
            if (count < 0 || count > FILES_MAX) {
                throw new SnapshotDamagedException("a count of files: count=" + count);
            }
            long left = bytesMax;
            for (int i = 0; i < count; i++) {
                byte[] path = in.readNBytes(in.readUnsignedShort());
                long length = in.readLong();
                if (length < 0 || length > left) {
                    throw new SnapshotDamagedException("a file's length: length=" + length + " left=" + left);
                }
                left -= length;
                unpackOne(in, placeOf(folder, new String(path, UTF_8)), length);
            }
            if (in.read() >= 0) {
                throw new SnapshotDamagedException("bytes follow the last file");
            }
        } catch (EOFException e) {
            throw new SnapshotDamagedException("a pack ends early", e);
        }
    }

    private static void unpackOne(InputStream in, Path place, long length) throws IOException {
        Files.createDirectories(place.getParent());
        try (OutputStream out =
                Files.newOutputStream(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (copy(in, out, length) != length) {
                throw new SnapshotDamagedException("a pack ends early: file=" + place.getFileName());
            }
        }
    }

    private static Path placeOf(Path folder, String path) throws SnapshotDamagedException {
        List<String> steps = List.of(path.split("/", -1));
        boolean isPlain = !path.isEmpty()
                && path.length() <= 255
                && path.indexOf('\0') < 0
                && steps.stream().noneMatch(step -> step.isEmpty() || step.equals(".") || step.equals(".."));
        if (!isPlain) {
            throw new SnapshotDamagedException("a file's path leads elsewhere: length=" + path.length());
        }
        return folder.resolve(path);
    }

    private static long copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, length))];
        long copied = 0;
        while (copied < length) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, length - copied));
            if (read < 0) {
                return copied;
            }
            out.write(buffer, 0, read);
            copied += read;
        }
        return copied;
    }

    /// Makes a folder that only its owner enters.
    static Path privateFolder(Path folder) throws IOException {
        return Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
