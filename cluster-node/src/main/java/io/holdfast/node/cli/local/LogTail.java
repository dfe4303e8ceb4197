package io.holdfast.node.cli.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The last lines of a log, for a message about what went wrong.
final class LogTail {
    private static final int BYTES_MAX = 16 * 1024;

    private LogTail() {}

    static List<String> of(Path file, int lineCountMax) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, log.length() - BYTES_MAX);
            byte[] bytes = new byte[(int) (log.length() - start)];
            log.seek(start);
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - lineCountMax), lines.size());
        } catch (IOException unreadable) {
            return List.of("(" + file + " cannot be read: " + unreadable.getMessage() + ")");
        }
    }
}
