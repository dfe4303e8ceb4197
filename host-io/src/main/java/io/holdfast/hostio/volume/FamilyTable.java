package io.holdfast.hostio.volume;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.Place;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What a checkpoint says beside the pages: members, versions, chunks, and how far in the log it goes.
///
/// ``` block:  0  u32 magic "HFMT"   u16 version   u16 zero
///         8  u64 number of the checkpoint
///        16  u32 number of the block          u32 number of blocks
///        24  u32 bytes of the table in it     u32 CRC32C of these
///        32  bytes of the table
/// table:  u64 sequence, u32 next member, u32 next generation, then four lists, each a u32 count and its
///         items: lineage (generation, parent), members (number, generation, size), kept versions
///         (generation, member, size), chunks (number, lane, rows, length, first sequence, last sequence)
/// ```
///
/// @param sequence the log is reflected up to it
/// @param lineage every generation still needed, and the one it was forked from; 0 for none
record FamilyTable(
        long sequence,
        int nextMember,
        int nextGeneration,
        List<Descent> lineage,
        List<MemberLine> members,
        List<PinnedLine> pinned,
        List<ChunkLine> chunks) {
    private static final int MAGIC = 0x544d4648;
    private static final short VERSION = 1;
    private static final int HEADER_BYTES = 32;
    private static final int BODY_BYTES = Volume.BLOCK_BYTES - HEADER_BYTES;

    /// A generation and the one it was forked from.
    record Descent(int generation, int parent) {}

    /// A volume.
    record MemberLine(int number, int generation, long sizeBytes) {}

    /// A kept version.
    record PinnedLine(int generation, int member, long sizeBytes) {}

    /// A sealed chunk.
    record ChunkLine(
            long number, int lane, int rows, long lengthBytes, long firstSequence, long lastSequence) {}

    /// The blocks to be stored.
    List<ByteBuffer> encode(long checkpoint) {
        ByteBuffer table = body();
        List<ByteBuffer> blocks = new ArrayList<>();
        int count = (table.remaining() + BODY_BYTES - 1) / BODY_BYTES;
        for (int i = 0; i < count; i++) {
            int bytes = Math.min(BODY_BYTES, table.remaining());
            ByteBuffer part = table.slice(table.position(), bytes);
            table.position(table.position() + bytes);
            ByteBuffer block = ByteBuffer.allocate(Volume.BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            block.putInt(MAGIC).putShort(VERSION).putShort((short) 0).putLong(checkpoint);
            block.putInt(i).putInt(count).putInt(bytes).putInt(Checksum.of(part)).put(part);
            blocks.add(block.clear());
        }
        return blocks;
    }

    private ByteBuffer body() {
        int bytes = 36 + lineage.size() * 8 + members.size() * 16 + pinned.size() * 16 + chunks.size() * 40;
        ByteBuffer body = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        body.putLong(sequence).putInt(nextMember).putInt(nextGeneration);
        body.putInt(lineage.size());
        lineage.forEach(line -> body.putInt(line.generation).putInt(line.parent));
        body.putInt(members.size());
        members.forEach(line -> body.putInt(line.number).putInt(line.generation).putLong(line.sizeBytes));
        body.putInt(pinned.size());
        pinned.forEach(line -> body.putInt(line.generation).putInt(line.member).putLong(line.sizeBytes));
        body.putInt(chunks.size());
        chunks.forEach(line -> body.putLong(line.number)
                .putInt(line.lane)
                .putInt(line.rows)
                .putLong(line.lengthBytes)
                .putLong(line.firstSequence)
                .putLong(line.lastSequence));
        return body.flip();
    }

    /// A block of a table, as it was stored.
    ///
    /// @param checkpoint the checkpoint's number
    record Block(long checkpoint, int index, int count, ByteBuffer bytes) {
        /// The block, if these bytes are one.
        static Optional<Block> decode(ByteBuffer source) {
            ByteBuffer block = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            int at = block.position();
            int bytes = block.getInt(at + 24);
            boolean isBlock = block.getInt(at) == MAGIC
                    && block.getShort(at + 4) == VERSION
                    && bytes >= 0
                    && bytes <= BODY_BYTES;
            if (!isBlock) {
                return Optional.empty();
            }
            ByteBuffer body = block.slice(at + HEADER_BYTES, bytes);
            return Checksum.of(body) == block.getInt(at + 28)
                    ? Optional.of(
                            new Block(block.getLong(at + 8), block.getInt(at + 16), block.getInt(at + 20),
                                    body))
                    : Optional.empty();
        }
    }

    /// Puts a table together from all its blocks, in order.
    static FamilyTable decode(List<Block> blocks) {
        int bytes = blocks.stream().mapToInt(block -> block.bytes.remaining()).sum();
        ByteBuffer body = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        blocks.forEach(block -> body.put(block.bytes.duplicate()));
        body.flip();
        try {
            long sequence = body.getLong();
            int nextMember = body.getInt();
            int nextGeneration = body.getInt();
            return new FamilyTable(
                    sequence,
                    nextMember,
                    nextGeneration,
                    list(body, 8, () -> new Descent(body.getInt(), body.getInt())),
                    list(body, 16, () -> new MemberLine(body.getInt(), body.getInt(), body.getLong())),
                    list(body, 16, () -> new PinnedLine(body.getInt(), body.getInt(), body.getLong())),
                    list(body, 40, () -> new ChunkLine(
                            body.getLong(),
                            body.getInt(),
                            body.getInt(),
                            body.getLong(),
                            body.getLong(),
                            body.getLong())));
        } catch (BufferUnderflowException _) {
            throw new CorruptDataException(new Place("log", "table", 0), "a table", "too few bytes");
        }
    }

    private static <T> List<T> list(ByteBuffer body, int itemBytes, Supplier<T> item) {
        int count = body.getInt();
        if (count < 0 || count > body.remaining() / itemBytes) {
            throw new CorruptDataException(new Place("log", "table", 0), "a count", String.valueOf(count));
        }
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.get());
        }
        return items;
    }
}
