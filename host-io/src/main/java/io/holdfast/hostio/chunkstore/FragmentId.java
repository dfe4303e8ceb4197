package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;

/// The identity of a fragment.
///
/// @param chunk the chunk it is part of; its upper half is the stream
/// @param index its place in the chunk
public record FragmentId(ChunkId chunk, FragmentIndex index) implements Comparable<FragmentId> {
    public static FragmentId of(ChunkId chunk, int index) {
        return new FragmentId(chunk, new FragmentIndex(index));
    }

    public long stream() {
        return chunk.high();
    }

    @Override
    public int compareTo(FragmentId other) {
        int byChunk = chunk.compareTo(other.chunk);
        return byChunk != 0 ? byChunk : index.compareTo(other.index);
    }

    @Override
    public String toString() {
        return chunk + "." + index;
    }
}
