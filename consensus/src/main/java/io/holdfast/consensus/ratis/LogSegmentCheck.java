package io.holdfast.consensus.ratis;

import io.holdfast.consensus.LogIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Reads Ratis's log files by itself, to tell an entry that was cut off while it was written, which nobody
/// was told is stored, from one that was damaged afterwards, which may be committed.
///
///     offset  bytes  content of a segment file
///     0       8      "RaftLog1"
///     8              per entry:
///       0     1-5    length n of the entry, base-128 varint
///             n      the entry
///             4      CRC32C of length and entry, big endian
///                    zeros up to the preallocated size
///
/// Stateless.
final class LogSegmentCheck {
    private static final int HEADER_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    private static final int VARINT_BYTES_MAX = 5;

    /// Tag of the first field of a Raft log entry (protocol buffers, field 1, varint).
    private static final byte TERM_FIELD = 0x08;

    /// A disk writes sectors whole: what is missing of a torn write is missing in such pieces.
    private static final int SECTOR_BYTES = 512;

    private LogSegmentCheck() {}

    /// What a segment file looks like.
    sealed interface Finding {
        /// Every entry is what its checksum says.
        record Sound(long entries) implements Finding {}

        /// The last entry was cut off while it was written.
        record Torn(Path file, long offset) implements Finding {}

        /// An entry is not what was written.
        record Corrupt(Path file, long offset, String reason) implements Finding {}
    }

    /// The segment files of a group, oldest first.
    static List<Path> segments(Path groupDirectory) throws IOException {
        Path current = groupDirectory.resolve("current");
        if (Files.notExists(current)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(current)) {
            return files.filter(file -> name(file).matches("log_([0-9]+-[0-9]+|inprogress_[0-9]+)"))
                    .sorted((a, b) -> Long.compare(firstIndex(a), firstIndex(b)))
                    .toList();
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static long firstIndex(Path file) {
        return Long.parseLong(name(file).replaceAll("log_(inprogress_)?", "").replaceAll("-.*", ""));
    }

    static boolean isOpen(Path segment) {
        return name(segment).startsWith("log_inprogress_");
    }

    /// The last entry of a closed file, by its name.
    static LogIndex lastIndex(Path closed) {
        return new LogIndex(Long.parseLong(name(closed).replaceAll(".*-", "")));
    }

    static Finding inspect(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.limit() < HEADER_BYTES || isZero(bytes, 0, HEADER_BYTES)) {
            boolean empty = isZero(bytes, 0, bytes.limit());
            return empty ? new Finding.Torn(file, 0) : new Finding.Corrupt(file, 0, "no header");
        }
        int offset = HEADER_BYTES;
        long entries = 0;
        while (offset < bytes.limit() && bytes.get(offset) != 0) {
            int end = endOfSoundEntry(bytes, offset);
            if (end < 0) {
                return judge(file, bytes, offset);
            }
            offset = end;
            entries++;
        }
        boolean clean = isZero(bytes, offset, bytes.limit());
        return clean ? new Finding.Sound(entries) : judge(file, bytes, offset);
    }

    /// Where the entry ends, or -1 if it is not what its checksum says.
    private static int endOfSoundEntry(ByteBuffer bytes, int offset) {
        int length = 0;
        int position = offset;
        for (int i = 0; i < VARINT_BYTES_MAX && position < bytes.limit(); i++) {
            byte next = bytes.get(position);
            position++;
            length |= (next & 0x7f) << (7 * i);
            if (next >= 0) {
                break;
            }
        }
        if (length <= 0 || length > bytes.limit() - position - CHECKSUM_BYTES) {
            return -1;
        }
        int end = position + length;
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate().position(offset).limit(end));
        return bytes.getInt(end) == (int) checksum.getValue() ? end + CHECKSUM_BYTES : -1;
    }

    /// Torn is only what looks like it: in the file that was being written, with nothing sound after it, and
    /// with at least its last sector, or all up to the file's end, missing.
    private static Finding judge(Path file, ByteBuffer bytes, int offset) {
        if (!isOpen(file)) {
            return new Finding.Corrupt(file, offset, "an entry of a closed file is damaged");
        }
        for (int later = offset + 1; later < bytes.limit(); later++) {
            if (mayBeEntry(bytes, later) && endOfSoundEntry(bytes, later) > 0) {
                return new Finding.Corrupt(file, offset, "an entry before a sound one is damaged");
            }
        }
        int lastByte = bytes.limit() - 1;
        while (lastByte > offset && bytes.get(lastByte) == 0) {
            lastByte--;
        }
        return misses(bytes, offset, lastByte)
                ? new Finding.Torn(file, offset)
                : new Finding.Corrupt(file, offset, "the last entry is complete but damaged");
    }

    /// Whether an entry's first field, its term, follows a length: spares most places their checksum.
    private static boolean mayBeEntry(ByteBuffer bytes, int offset) {
        int position = offset;
        while (position < bytes.limit() && position < offset + VARINT_BYTES_MAX && bytes.get(position) < 0) {
            position++;
        }
        return bytes.get(offset) != 0
                && position + 1 < bytes.limit()
                && bytes.get(position + 1) == TERM_FIELD;
    }

    /// Whether the frame that begins at the offset lacks its end, or a whole sector.
    private static boolean misses(ByteBuffer bytes, int offset, int lastByte) {
        int end = frameEnd(bytes, offset);
        if (end > lastByte + 1 && end - (lastByte + 1) >= CHECKSUM_BYTES) {
            return true;
        }
        int sector = (offset / SECTOR_BYTES + 1) * SECTOR_BYTES;
        for (; sector + SECTOR_BYTES <= lastByte; sector += SECTOR_BYTES) {
            if (isZero(bytes, sector, sector + SECTOR_BYTES)) {
                return true;
            }
        }
        return isZero(bytes, offset, Math.min(bytes.limit(), (offset / SECTOR_BYTES + 1) * SECTOR_BYTES));
    }

    private static int frameEnd(ByteBuffer bytes, int offset) {
        long length = 0;
        int position = offset;
        for (int i = 0; i < VARINT_BYTES_MAX && position < bytes.limit(); i++) {
            byte next = bytes.get(position);
            position++;
            length |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                break;
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, position + length + CHECKSUM_BYTES);
    }

    private static boolean isZero(ByteBuffer bytes, int from, int to) {
        int words = from + ((to - from) & -Long.BYTES);
        for (int i = from; i < words; i += Long.BYTES) {
            if (bytes.getLong(i) != 0) {
                return false;
            }
        }
        for (int i = words; i < to; i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Overwrites a torn entry with zeros, as if it had never been begun.
    static void cutOff(Finding.Torn torn) throws IOException {
        try (FileChannel channel = FileChannel.open(torn.file, StandardOpenOption.WRITE)) {
            long size = channel.size();
            channel.truncate(torn.offset);
            channel.write(ByteBuffer.allocate(1), Math.max(torn.offset, size - 1));
            channel.force(true);
        }
    }
}
