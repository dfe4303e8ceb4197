package io.holdfast.node.snapshot;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/// How long each sealed frame of a pack is, and so where it lies. Immutable.
///
///     table:  bytes of each frame's text, less one (2 each)
final class FrameTable {
    /// What one frame holds in the clear; the last one of a pack fewer.
    static final int FRAME_BYTES = 1 << 16;

    static final int TAG_BYTES = 16;

    private final long[] ends;

    private FrameTable(long[] ends) {
        this.ends = ends;
    }

    /// Of frames whose text is as long as what they hold.
    static FrameTable plain(long plainBytes) {
        Builder frames = new Builder();
        for (long at = 0; at < plainBytes; at += FRAME_BYTES) {
            frames.add((int) Math.min(FRAME_BYTES, plainBytes - at));
        }
        return frames.build();
    }

    /// Reads what [#writeTo] has written.
    ///
    /// @param plainBytes what all frames hold
    static FrameTable read(DataInputStream in, long plainBytes) throws IOException {
        Builder frames = new Builder();
        for (long at = 0; at < plainBytes; at += FRAME_BYTES) {
            int textBytes = in.readUnsignedShort() + 1;
            if (textBytes > plainBytes - at) {
                throw new SnapshotDamagedException("a frame is longer than what it holds: frame="
                        + frames.count + " bytes=" + textBytes);
            }
            frames.add(textBytes);
        }
        return frames.build();
    }

    void writeTo(DataOutputStream out) throws IOException {
        for (int frame = 0; frame < ends.length; frame++) {
            out.writeShort(sealedBytes(frame) - TAG_BYTES - 1);
        }
    }

    /// Where a frame begins behind the first one's beginning.
    long positionOf(int frame) {
        return frame == 0 ? 0 : ends[frame - 1];
    }

    /// What a frame takes.
    int sealedBytes(int frame) {
        return (int) (ends[frame] - positionOf(frame));
    }

    /// What all frames take.
    long sealedBytes() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrameTable table && Arrays.equals(ends, table.ends);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ends);
    }

    @Override
    public String toString() {
        return "frames=" + ends.length + " bytes=" + sealedBytes();
    }

    /// Takes frames in their order. Confined.
    static final class Builder {
        private long[] ends = new long[64];
        private int count;

        /// @param textBytes without its tag
        void add(int textBytes) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, count * 2);
            }
            ends[count] = (count == 0 ? 0 : ends[count - 1]) + textBytes + TAG_BYTES;
            count++;
        }

        FrameTable build() {
            return new FrameTable(Arrays.copyOf(ends, count));
        }
    }
}
