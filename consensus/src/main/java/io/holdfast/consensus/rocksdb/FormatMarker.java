package io.holdfast.consensus.rocksdb;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.IncompatibleFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The file that says what a directory holds and which version of the program wrote it.
///
///     offset  bytes  content (big endian)
///     0       8      "HFSTATE" and a line feed
///     8       4      version of the format
///     12      4      CRC32C of the bytes before
final class FormatMarker {
    static final String FILE_NAME = "FORMAT";
    static final int VERSION = 1;
    private static final int VERSION_MIN = 1;
    private static final byte[] MAGIC = "HFSTATE\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = MAGIC.length + 4 + 4;

    private FormatMarker() {}

    /// Writes the marker into a directory that has none, or checks the one that is there.
    static void ensure(Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (Files.exists(file)) {
            check(file);
        } else {
            write(directory, file);
        }
    }

    static void check(Path file) throws IOException {
        byte[] found = Files.readAllBytes(file);
        if (found.length != BYTES || !Arrays.equals(found, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new CorruptLedgerException("no state format marker: file=" + file + " expectedBytes="
                    + BYTES + " foundBytes=" + found.length);
        }
        ByteBuffer in = ByteBuffer.wrap(found);
        int version = in.getInt(MAGIC.length);
        int expected = checksum(found);
        int stored = in.getInt(BYTES - 4);
        if (stored != expected) {
            throw new CorruptLedgerException("the state format marker's checksum differs: file=" + file
                    + " expected=" + Integer.toHexString(expected) + " found=" + Integer.toHexString(stored));
        }
        if (version > VERSION) {
            throw new IncompatibleFormatException("written by a newer program, start that one: file=" + file
                    + " version=" + version + " readable=" + VERSION);
        }
        if (version < VERSION_MIN) {
            throw new IncompatibleFormatException("written by a program too old, upgrade over one between:"
                    + " file=" + file + " version=" + version + " readable=" + VERSION_MIN);
        }
    }

    private static void write(Path directory, Path file) throws IOException {
        Path unfinished = directory.resolve(FILE_NAME + ".new");
        try (FileChannel out = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(encode(VERSION));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        Directories.sync(directory);
    }

    static byte[] encode(int version) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.put(MAGIC).putInt(version);
        out.putInt(checksum(bytes));
        return bytes;
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, BYTES - 4);
        return (int) crc.getValue();
    }
}
