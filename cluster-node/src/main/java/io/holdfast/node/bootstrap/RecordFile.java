package io.holdfast.node.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// A small file of `key=value` lines under a first line that names its format, version and checksum:
///
/// ``` holdfast <format> v1 crc32c=<8 hex digits over all bytes after this line> key=value ```
///
/// Written to a neighbour, synced, renamed over the old one, and the directory synced: after a crash there
/// is the old content or the new one. Readable by its owner alone.
final class RecordFile {
    private static final int BYTES_MAX = 1 << 20;
    private static final String VERSION = "v1";

    private RecordFile() {}

    static void write(Path file, String format, Map<String, String> values) throws IOException {
        StringBuilder body = new StringBuilder();
        new TreeMap<>(values).forEach((key, value) -> {
            if (key.indexOf('=') >= 0 || (key + value).indexOf('\n') >= 0) {
                throw new IllegalArgumentException("no line of its own: key=" + key + " value=" + value);
            }
            body.append(key).append('=').append(value).append('\n');
        });
        byte[] bytes = body.toString().getBytes(UTF_8);
        byte[] head = "holdfast %s %s crc32c=%08x%n".formatted(format, VERSION, checksum(bytes))
                .getBytes(UTF_8);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            writeFully(channel, ByteBuffer.wrap(head));
            writeFully(channel, ByteBuffer.wrap(bytes));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectoryOf(file);
    }

    static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectoryOf(file);
        }
    }

    static Map<String, String> read(Path file, String format) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw corrupt(file, "at most " + BYTES_MAX + " bytes", Files.size(file) + " bytes");
        }
        byte[] all = Files.readAllBytes(file);
        int lineEnd = 0;
        while (lineEnd < all.length && all[lineEnd] != '\n') {
            lineEnd++;
        }
        String head = new String(all, 0, lineEnd, UTF_8);
        String prefix = "holdfast " + format + " ";
        if (lineEnd == all.length || !head.startsWith(prefix)) {
            throw corrupt(file, "a first line beginning with '" + prefix.strip() + "'",
                    "'" + abbreviated(head) + "'");
        }
        if (!head.startsWith(prefix + VERSION + " ")) {
            throw corrupt(file, "version " + VERSION,
                    "'" + abbreviated(head) + "', written by another release");
        }
        byte[] body = new byte[all.length - lineEnd - 1];
        System.arraycopy(all, lineEnd + 1, body, 0, body.length);
        String expected = head.substring((prefix + VERSION + " ").length());
        String actual = "crc32c=%08x".formatted(checksum(body));
        if (!expected.equals(actual)) {
            throw corrupt(file, expected, actual);
        }
        return parse(new String(body, UTF_8));
    }

    private static Map<String, String> parse(String body) {
        Map<String, String> values = new TreeMap<>();
        for (String line : body.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    private static IOException corrupt(Path file, String expected, String actual) {
        return new IOException("unusable file: file=" + file + " expected " + expected + " found " + actual);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void syncDirectoryOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
