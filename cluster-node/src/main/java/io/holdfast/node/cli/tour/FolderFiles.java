package io.holdfast.node.cli.tour;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// The files of a folder with their digests, as many as a tour looks at. Immutable.
///
/// @param files in the order of their paths
/// @param isCut whether the folder has more than the bounds let in
record FolderFiles(Path folder, List<FileRecord> files, boolean isCut) {
    static final int FILES_MAX = 1_000;
    static final long BYTES_MAX = 1L << 30;
    private static final int BUFFER_BYTES = 1 << 16;

    FolderFiles {
        files = List.copyOf(files);
    }

    /// One file.
    ///
    /// @param path relative to the folder
    /// @param sha256 of its content, in hexadecimal digits
    record FileRecord(String path, long sizeBytes, String sha256) {}

    /// Reads every file up to the bounds. What is no regular file, or may not be read, is passed over.
    static FolderFiles read(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(folder)) {
            paths = found.filter(Files::isReadable)
                    .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .limit(FILES_MAX + 1L)
                    .toList();
        }
        List<FileRecord> files = new ArrayList<>();
        long bytes = 0;
        boolean isCut = false;
        for (Path path : paths) {
            long size = Files.size(path);
            if (files.size() == FILES_MAX || bytes + size > BYTES_MAX) {
                isCut = true;
                break;
            }
            bytes += size;
            files.add(new FileRecord(folder.relativize(path).toString(), size, digestOf(path)));
        }
        return new FolderFiles(folder, files, isCut);
    }

    /// Reads one file again.
    String digestNow(FileRecord file) throws IOException {
        return digestOf(folder.resolve(file.path()));
    }

    long sizeBytes() {
        return files.stream().mapToLong(FileRecord::sizeBytes).sum();
    }

    private static String digestOf(Path path) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream content = Files.newInputStream(path)) {
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// The digest of a part of a file.
    static String digestOf(Path path, long offset, long length) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream content = Files.newInputStream(path)) {
            content.skipNBytes(offset);
            for (long left = length; left > 0;) {
                int count = content.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new EOFException("the file ends early: path=" + path + " missingBytes=" + left);
                }
                digest.update(buffer, 0, count);
                left -= count;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
