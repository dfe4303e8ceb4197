package io.holdfast.hostio.volume;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was written to each block of a volume, and how much of it is promised. Concurrent: one lock.
final class VolumeModel {
    static final int BLOCKS = 256;

    private static final int ZERO = 0;

    /// Each block's stamps in the order of writing; it begins as zeroes.
    private final List<List<Integer>> histories = new ArrayList<>();
    private final int[] durable = new int[BLOCKS];
    private final TreeMap<Integer, int[]> snapshots = new TreeMap<>();
    private int nextStamp = 1;
    private boolean isPromised;

    VolumeModel() {
        for (int i = 0; i < BLOCKS; i++) {
            histories.add(new ArrayList<>(List.of(ZERO)));
        }
    }

    /// Stamps that must be there at least: per block the position in its history.
    ///
    /// @param isEmpty whether nothing at all is promised yet
    record Promise(
            VolumeModel model, List<Integer> durable, Map<Integer, List<Integer>> snapshots,
                    boolean isEmpty) {
        @Nullable String check(ByteBuffer all) {
            for (int block = 0; block < BLOCKS; block++) {
                int stamp = stamp(block, all);
                List<Integer> history = model.history(block);
                int found = history.lastIndexOf(stamp);
                if (found < durable.get(block)) {
                    return "block " + block + " is stamp " + stamp + ", position " + found
                            + " of its history, but " + durable.get(block) + " is promised";
                }
            }
            return null;
        }

        @Nullable String checkSnapshot(int snapshot, ByteBuffer all) {
            List<Integer> expected = snapshots.getOrDefault(snapshot, List.of());
            for (int block = 0; block < BLOCKS; block++) {
                int stamp = stamp(block, all);
                if (stamp != expected.get(block)) {
                    return "block " + block + " of snapshot " + snapshot + " is stamp " + stamp
                            + " instead of " + expected.get(block);
                }
            }
            return null;
        }
    }

    private synchronized List<Integer> history(int block) {
        return List.copyOf(histories.get(block));
    }

    synchronized ByteBuffer write(int block, int count) {
        isPromised = true;
        ByteBuffer bytes = ByteBuffer.allocateDirect(count * Volume.BLOCK_BYTES);
        for (int i = 0; i < count; i++) {
            int stamp = nextStamp++;
            histories.get(block + i).add(stamp);
            for (int at = 0; at < Volume.BLOCK_BYTES; at += Long.BYTES) {
                bytes.putLong(i * Volume.BLOCK_BYTES + at, content(block + i, stamp, at));
            }
        }
        return bytes;
    }

    private static long content(int block, int stamp, int at) {
        return (long) block << 48 | (long) stamp << 16 | at;
    }

    /// Which stamp the block's bytes have; -1 if they are not what was ever written there.
    private static int stamp(int block, ByteBuffer all) {
        int begin = block * Volume.BLOCK_BYTES;
        int stamp = (int) (all.getLong(begin) >>> 16);
        for (int at = 0; at < Volume.BLOCK_BYTES; at += Long.BYTES) {
            long expected = stamp == ZERO ? 0 : content(block, stamp, at);
            if (all.getLong(begin + at) != expected) {
                return -1;
            }
        }
        return stamp;
    }

    synchronized void zero(int block, int count) {
        for (int i = 0; i < count; i++) {
            histories.get(block + i).add(ZERO);
        }
    }

    /// The last write to each of these blocks is durable.
    synchronized void durable(int block, int count) {
        for (int i = block; i < block + count; i++) {
            durable[i] = histories.get(i).size() - 1;
        }
    }

    synchronized int mark() {
        return nextStamp;
    }

    /// Everything written before the mark is durable; there is one writer, so that is everything.
    synchronized void flushed(int mark) {
        if (mark != nextStamp) {
            throw new IllegalStateException("written during a flush");
        }
        durable(0, BLOCKS);
    }

    synchronized int[] now() {
        return histories.stream().mapToInt(List::getLast).toArray();
    }

    synchronized void snapshotTaken(int snapshot, int[] stamps) {
        snapshots.put(snapshot, stamps);
    }

    synchronized int snapshotCount() {
        return snapshots.size();
    }

    synchronized int forgetOldestSnapshot() {
        return snapshots.pollFirstEntry().getKey();
    }

    synchronized Promise promise() {
        Map<Integer, List<Integer>> kept = new TreeMap<>();
        snapshots.forEach((number, stamps) -> kept.put(number, list(stamps)));
        return new Promise(this, list(durable), kept, !isPromised);
    }

    private static List<Integer> list(int[] numbers) {
        List<Integer> list = new ArrayList<>(numbers.length);
        for (int number : numbers) {
            list.add(number);
        }
        return list;
    }
}
