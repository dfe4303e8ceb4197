package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.disk.DiskFileNotFoundException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The newest fencing token of each stream, on one disk. Appended to, and written anew when it is full and
/// whenever the store is opened. Confined to the committer thread.
///
/// ``` file "tokens": records of 32 bytes, the rest zeros
///   0  u32 magic "HFTK"
///   4  u32 CRC32C of bytes 8 to 31
///   8  u64 stream
///  16  u64 token
///  24  u64 instance of the store, upper half
/// ```
final class TokenFile implements AutoCloseable {
    static final String FILE = "tokens";
    private static final String UNFINISHED = "tokens.unfinished";
    private static final int MAGIC = Layout.magic("HFTK");
    private static final int RECORD_BYTES = 32;
    private static final int FILE_BYTES_MIN = 64 << 10;
    /// Room left for appending when the file is written anew, as a multiple of what is in it.
    private static final int GROWTH = 4;

    private final Disk disk;
    private final long instance;
    private final HashMap<Long, Long> tokens;
    private DiskFile file;
    private long end;
    private long capacity;

    private TokenFile(Disk disk, long instance, Map<Long, Long> tokens, DiskFile file) {
        this.disk = disk;
        this.instance = instance;
        this.tokens = new HashMap<>(tokens);
        this.file = file;
    }

    /// What a token file holds.
    ///
    /// @param damage set if a record is not what was written, so a token may be missing
    record Content(Map<Long, Long> tokens, Optional<CorruptDataException> damage) {}

    static Content read(Disk disk, long instance) {
        Map<Long, Long> tokens = new HashMap<>();
        ByteBuffer bytes;
        try (DiskFile file = disk.open(FILE)) {
            bytes = ByteBuffer.allocate((int) file.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
            file.read(0, bytes);
        } catch (DiskFileNotFoundException _) {
            Place place = new Place(disk.name(), FILE, 0);
            return new Content(tokens, Optional.of(new CorruptDataException(place, "a token file", "none")));
        }
        bytes.flip();
        Optional<CorruptDataException> damage = Optional.empty();
        for (int at = 0; at + RECORD_BYTES <= bytes.limit(); at += RECORD_BYTES) {
            if (isRecord(bytes, at, instance)) {
                tokens.merge(bytes.getLong(at + 8), bytes.getLong(at + 16), Math::max);
            } else if (bytes.getInt(at) == 0 && Layout.isBlank(bytes.slice(at, bytes.limit() - at))) {
                break;
            } else if (!Layout.isBlank(bytes.slice(at, RECORD_BYTES))) {
                // A record never crosses a sector, so a torn write leaves it whole or not begun.
                Place place = new Place(disk.name(), FILE, at);
                damage = Optional.of(new CorruptDataException(place, "a token record", "something else"));
            }
        }
        return new Content(tokens, damage);
    }

    private static boolean isRecord(ByteBuffer bytes, int at, long instance) {
        return bytes.getInt(at) == MAGIC
                && bytes.getInt(at + 4) == Checksum.of(bytes, at + 8, RECORD_BYTES - 8)
                && bytes.getLong(at + 24) == instance;
    }

    /// Writes a file with these tokens, durable under its name, and opens it for appending.
    static TokenFile rewrite(Disk disk, long instance, Map<Long, Long> tokens) {
        if (disk.list().contains(UNFINISHED)) {
            disk.delete(UNFINISHED);
        }
        long capacity = Math.max(FILE_BYTES_MIN, (long) GROWTH * RECORD_BYTES * tokens.size());
        DiskFile file = disk.create(UNFINISHED, capacity);
        TokenFile result = new TokenFile(disk, instance, tokens, file);
        result.capacity = capacity;
        try {
            file.writeZeros(0, capacity);
            result.writeAll();
            file.sync();
            disk.rename(UNFINISHED, FILE);
            disk.syncDirectory();
            return result;
        } catch (DiskException failure) {
            file.close();
            throw failure;
        }
    }

    private void writeAll() {
        ByteBuffer records = ByteBuffer.allocate(tokens.size() * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        tokens.forEach((stream, token) -> encode(records, stream, token));
        file.write(0, records.flip());
        end = records.limit();
    }

    private void encode(ByteBuffer records, long stream, long token) {
        int at = records.position();
        records.putLong(at + 8, stream).putLong(at + 16, token).putLong(at + 24, instance);
        records.putInt(at, MAGIC).putInt(at + 4, Checksum.of(records, at + 8, RECORD_BYTES - 8));
        records.position(at + RECORD_BYTES);
    }

    /// Writes a newer token; durable after [#sync()].
    void append(long stream, long token) {
        tokens.put(stream, token);
        if (end + RECORD_BYTES > capacity) {
            TokenFile next = rewrite(disk, instance, tokens);
            file.close();
            file = next.file;
            end = next.end;
            capacity = next.capacity;
            return;
        }
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        encode(record, stream, token);
        file.write(end, record.flip());
        end += RECORD_BYTES;
    }

    void sync() {
        file.sync();
    }

    @Override
    public void close() {
        file.close();
    }
}
