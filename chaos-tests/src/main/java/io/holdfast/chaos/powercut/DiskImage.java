package io.holdfast.chaos.powercut;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is on a disk of which little was ever written. Confined to one thread; copies share what is equal.
public final class DiskImage {
    static final int BLOCK_BYTES = 4096;
    private static final int READ_BYTES = 1 << 20;

    private final long sizeBytes;
    /// Blocks that are not zero, by number. Their bytes are replaced, never changed.
    private final SortedMap<Long, byte[]> blocks;

    private DiskImage(long sizeBytes, SortedMap<Long, byte[]> blocks) {
        this.sizeBytes = sizeBytes;
        this.blocks = blocks;
    }

    /// A disk of zeros.
    public static DiskImage ofZeros(long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException("a disk is some blocks: sizeBytes=" + sizeBytes);
        }
        return new DiskImage(sizeBytes, new TreeMap<>());
    }

    /// What is in a file.
    public static DiskImage of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            DiskImage image = ofZeros(channel.size());
            ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
            for (long offset = 0; offset < image.sizeBytes; offset += READ_BYTES) {
                buffer.clear().limit((int) Math.min(READ_BYTES, image.sizeBytes - offset));
                if (channel.read(buffer, offset) != buffer.limit()) {
                    throw new EOFException("file changed while it was read, file=" + file);
                }
                image.putBlocks(offset, buffer.flip());
            }
            return image;
        }
    }

    private void putBlocks(long offset, ByteBuffer bytes) {
        for (long number = offset / BLOCK_BYTES; bytes.hasRemaining(); number++) {
            byte[] block = new byte[BLOCK_BYTES];
            bytes.get(block);
            put(number, block);
        }
    }

    private void put(long number, byte[] block) {
        if (isZero(block)) {
            blocks.remove(number);
        } else {
            blocks.put(number, block);
        }
    }

    private static boolean isZero(byte[] block) {
        return block[0] == 0 && Arrays.equals(block, 0, BLOCK_BYTES - 1, block, 1, BLOCK_BYTES);
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /// The same, to be changed apart.
    public DiskImage copy() {
        return new DiskImage(sizeBytes, new TreeMap<>(blocks));
    }

    /// Writes all the bytes.
    public void write(long offset, byte[] bytes) {
        write(offset, bytes, 0, bytes.length);
    }

    /// Writes some of the bytes, to where they belong if the first of all belongs to `offset`.
    public void write(long offset, byte[] bytes, int from, int to) {
        requireWithin(offset, bytes.length);
        int next = from;
        while (next < to) {
            long number = (offset + next) / BLOCK_BYTES;
            int begin = (int) ((offset + next) % BLOCK_BYTES);
            int length = Math.min(BLOCK_BYTES - begin, to - next);
            byte[] before = blocks.get(number);
            byte[] block = before == null ? new byte[BLOCK_BYTES] : before.clone();
            System.arraycopy(bytes, next, block, begin, length);
            put(number, block);
            next += length;
        }
    }

    /// So many bytes from an offset.
    public byte[] read(long offset, int length) {
        requireWithin(offset, length);
        byte[] bytes = new byte[length];
        int next = 0;
        while (next < length) {
            int begin = (int) ((offset + next) % BLOCK_BYTES);
            int count = Math.min(BLOCK_BYTES - begin, length - next);
            byte[] block = blocks.get((offset + next) / BLOCK_BYTES);
            if (block != null) {
                System.arraycopy(block, begin, bytes, next, count);
            }
            next += count;
        }
        return bytes;
    }

    private void requireWithin(long offset, int length) {
        if (offset < 0 || length < 0 || offset + length > sizeBytes) {
            throw new IllegalArgumentException(
                    "beyond the disk: offset=" + offset + " length=" + length + " sizeBytes=" + sizeBytes);
        }
    }

    /// Makes a file of it, with holes for zeros.
    public void writeTo(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), sizeBytes - 1);
            for (Map.Entry<Long, byte[]> block : blocks.entrySet()) {
                channel.write(ByteBuffer.wrap(block.getValue()), block.getKey() * BLOCK_BYTES);
            }
        }
    }
}
