package io.holdfast.hostio.volume;

import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.chunkstore.StripHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What happens to a family beside blocks being written, as it stands in the log.
///
/// ```
///   0  u8 kind, with bit 6 set if it was carried   7 bytes zero
///   8  4 x u64: the numbers in the order of the record, unused ones zero
///  40  u64: the sequence at which it was written first, if the cleaner carried it here; else zero
/// ```
sealed interface FamilyNote {
    /// Where the sequence of a carried note stands.
    int BIRTH_OFFSET = 40;

    /// Lets a program that does not know of carried notes refuse them instead of applying them again.
    int CARRIED_BIT = 0x40;

    /// A new, empty volume.
    record Created(int member, int generation, long sizeBytes) implements FamilyNote {}

    /// A volume has another size; what lies beyond is gone.
    record Resized(int member, long sizeBytes) implements FamilyNote {}

    /// The live version of a volume is kept as it is; what is written from now on is of the next generation.
    record Pinned(int member, int generation, int next) implements FamilyNote {}

    /// A kept version is needed no more.
    record Unpinned(int generation) implements FamilyNote {}

    /// A new volume that begins as a kept version.
    record Cloned(int generation, int member, int next) implements FamilyNote {}

    /// A volume becomes what a kept version is.
    record RolledBack(int member, int generation, int next) implements FamilyNote {}

    /// A volume is gone; its kept versions stay.
    record Deleted(int member) implements FamilyNote {}

    /// Blocks of a volume read as zeroes and take no space.
    record Cleared(int member, long firstBlock, long blockCount) implements FamilyNote {}

    private long[] numbers() {
        return switch (this) {
            case Created(int member, int generation, long bytes) -> new long[] {1, member, generation, bytes};
            case Resized(int member, long bytes) -> new long[] {2, member, bytes};
            case Pinned(int member, int generation, int next) -> new long[] {3, member, generation, next};
            case Unpinned(int generation) -> new long[] {4, generation};
            case Cloned(int generation, int member, int next) -> new long[] {5, generation, member, next};
            case RolledBack(int member, int generation, int next) -> new long[] {6, member, generation, next};
            case Deleted(int member) -> new long[] {7, member};
            case Cleared(int member, long first, long count) -> new long[] {8, member, first, count};
        };
    }

    default ByteBuffer encode() {
        ByteBuffer body = ByteBuffer.allocate(StripHeader.BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long[] numbers = numbers();
        body.put(0, (byte) numbers[0]);
        for (int i = 1; i < numbers.length; i++) {
            body.putLong(i * Long.BYTES, numbers[i]);
        }
        return body;
    }

    /// The same, carried to the end of the log.
    ///
    /// @param birth the sequence at which it was written first
    default ByteBuffer encodeCarried(long birth) {
        ByteBuffer body = encode();
        return body.put(0, (byte) (body.get(0) | CARRIED_BIT)).putLong(BIRTH_OFFSET, birth);
    }

    /// The sequence at which a note was written first, if it was carried since; else 0.
    static long birth(ByteBuffer body) {
        return body.getLong(body.position() + BIRTH_OFFSET);
    }

    static FamilyNote decode(ByteBuffer body) {
        long a = body.getLong(body.position() + 8);
        long b = body.getLong(body.position() + 16);
        long c = body.getLong(body.position() + 24);
        int kind = body.get(body.position()) & ~CARRIED_BIT;
        return switch (kind) {
            case 1 -> new Created((int) a, (int) b, c);
            case 2 -> new Resized((int) a, b);
            case 3 -> new Pinned((int) a, (int) b, (int) c);
            case 4 -> new Unpinned((int) a);
            case 5 -> new Cloned((int) a, (int) b, (int) c);
            case 6 -> new RolledBack((int) a, (int) b, (int) c);
            case 7 -> new Deleted((int) a);
            case 8 -> new Cleared((int) a, b, c);
            default ->
                throw new CorruptDataException(new Place("log", "note", 0), "a kind of note", "kind " + kind);
        };
    }
}
