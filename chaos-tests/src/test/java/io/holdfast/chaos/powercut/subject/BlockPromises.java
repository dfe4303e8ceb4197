package io.holdfast.chaos.powercut.subject;

import io.holdfast.chaos.checker.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What was written to each block of a volume by one writer, and from when on how much of it is promised.
/// Confined to the writer until it is done, read by anybody afterwards.
final class BlockPromises {
    static final int BLOCKS = 256;
    static final int BLOCK_BYTES = 4096;

    private static final int ZERO = 0;
    private static final int NEVER_WRITTEN = -1;

    /// Each block's stamps in the order of writing; it begins as zeroes.
    private final List<List<Integer>> histories = new ArrayList<>();
    private final List<List<Mark>> marks = new ArrayList<>();
    private int nextStamp = 1;

    /// From the position on, the block is what its history has at the index, or newer.
    private record Mark(int position, int index) {}

    BlockPromises() {
        for (int i = 0; i < BLOCKS; i++) {
            histories.add(new ArrayList<>(List.of(ZERO)));
            marks.add(new ArrayList<>(List.of(new Mark(0, 0))));
        }
    }

    /// The bytes for some blocks, which are about to be written.
    ByteBuffer write(int block, int count) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(count * BLOCK_BYTES);
        for (int i = 0; i < count; i++) {
            int stamp = nextStamp++;
            histories.get(block + i).add(stamp);
            for (int at = 0; at < BLOCK_BYTES; at += Long.BYTES) {
                bytes.putLong(i * BLOCK_BYTES + at, content(block + i, stamp, at));
            }
        }
        return bytes;
    }

    /// Some blocks are about to become zeroes.
    void zero(int block, int count) {
        for (int i = 0; i < count; i++) {
            histories.get(block + i).add(ZERO);
        }
    }

    /// What was written last to these blocks was acknowledged as durable.
    void durable(int block, int count, int position) {
        for (int i = block; i < block + count; i++) {
            marks.get(i).add(new Mark(position, histories.get(i).size() - 1));
        }
    }

    /// The newest stamp of every block.
    List<Integer> stamps() {
        return histories.stream().map(List::getLast).toList();
    }

    /// Compares all blocks with what is promised at the position.
    List<Violation> check(ByteBuffer all, int position) {
        List<Violation> found = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            int promised = 0;
            for (Mark mark : marks.get(block)) {
                if (mark.position <= position) {
                    promised = mark.index;
                }
            }
            int stamp = stamp(block, all);
            int is = histories.get(block).lastIndexOf(stamp);
            if (is < promised) {
                found.add(new Violation(is < 0 ? "wrong-block" : "lost-block", "block " + block,
                        "is stamp " + stamp + ", number " + is + " of its history, promised is number "
                                + promised));
            }
        }
        return found;
    }

    /// Compares all blocks with exactly these stamps.
    static List<Violation> compare(ByteBuffer all, List<Integer> stamps, String where) {
        List<Violation> found = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            int stamp = stamp(block, all);
            if (stamp != stamps.get(block)) {
                found.add(new Violation("wrong-snapshot", where + " block " + block,
                        "is stamp " + stamp + " instead of " + stamps.get(block)));
            }
        }
        return found;
    }

    private static long content(int block, int stamp, int at) {
        return (long) block << 48 | (long) stamp << 16 | at;
    }

    private static int stamp(int block, ByteBuffer all) {
        int begin = block * BLOCK_BYTES;
        int stamp = (int) (all.getLong(begin) >>> 16);
        for (int at = 0; at < BLOCK_BYTES; at += Long.BYTES) {
            long expected = stamp == ZERO ? 0 : content(block, stamp, at);
            if (all.getLong(begin + at) != expected) {
                return NEVER_WRITTEN;
            }
        }
        return stamp;
    }
}
