package io.holdfast.hostio.row;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.chunkstore.StripKind;
import io.holdfast.hostio.erasure.ErasureCodec;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Makes the strips of a chunk's rows. Concurrent if the source of memory is.
public final class RowEncoder {
    private final ErasureCodec codec;
    private final ErasureProfile profile;
    private final ChunkId chunk;
    private final long token;
    private final IntFunction<ByteBuffer> memory;

    /// @param memory gives direct buffers of a size, for parity
    public RowEncoder(ErasureCodec codec, ChunkId chunk, long token, IntFunction<ByteBuffer> memory) {
        this.codec = codec;
        this.profile = codec.profile();
        this.chunk = chunk;
        this.token = token;
        this.memory = memory;
    }

    /// Makes a row's strips: those of its contents, then all parity strips, each for another fragment.
    ///
    /// @param row the row's number
    /// @param sequence the writer's position in the stream
    /// @param contents 1 to k, all of the same size
    public List<Strip> encode(int row, long sequence, List<StripContent> contents) {
        int k = profile.dataStrips();
        int bytes = contents.getFirst().payload().remaining();
        if (contents.size() > k
                || contents.stream().anyMatch(content -> content.payload().remaining() != bytes)) {
            throw new IllegalArgumentException("a row has 1 to k equal strips: k=" + k + " strips="
                    + contents.size() + " bytes=" + bytes);
        }
        @Nullable MemorySegment[] payloads = new @Nullable MemorySegment[k];
        @Nullable MemorySegment[] bodies = new @Nullable MemorySegment[k];
        int existingMask = 0;
        for (int i = 0; i < contents.size(); i++) {
            int index = dataIndex(row, i, k);
            existingMask |= 1 << index;
            payloads[index] = MemorySegment.ofBuffer(contents.get(i).payload());
            bodies[index] = MemorySegment.ofBuffer(contents.get(i).body());
        }
        List<Strip> strips = new ArrayList<>(contents.size() + profile.parityStrips());
        for (int i = 0; i < contents.size(); i++) {
            StripContent content = contents.get(i);
            strips.add(strip(
                    new RowPosition(row, sequence, existingMask),
                    dataIndex(row, i, k),
                    content.payload(),
                    content.body()));
        }
        addParity(strips, new RowPosition(row, sequence, existingMask), payloads, bodies, bytes);
        return strips;
    }

    private record RowPosition(int row, long sequence, int existingMask) {}

    private void addParity(
            List<Strip> strips,
            RowPosition position,
            @Nullable MemorySegment[] payloads,
            @Nullable MemorySegment[] bodies,
            int bytes) {
        int m = profile.parityStrips();
        ByteBuffer[] parity = new ByteBuffer[m];
        ByteBuffer[] parityBodies = new ByteBuffer[m];
        @Nullable MemorySegment[] targets = new @Nullable MemorySegment[m];
        @Nullable MemorySegment[] bodyTargets = new @Nullable MemorySegment[m];
        for (int i = 0; i < m; i++) {
            parity[i] = memory.apply(bytes);
            parityBodies[i] = memory.apply(StripHeader.BODY_BYTES);
            targets[i] = MemorySegment.ofBuffer(parity[i]);
            bodyTargets[i] = MemorySegment.ofBuffer(parityBodies[i]);
        }
        codec.encode(payloads, targets, bytes);
        codec.encode(bodies, bodyTargets, StripHeader.BODY_BYTES);
        for (int i = 0; i < m; i++) {
            strips.add(strip(position, profile.dataStrips() + i, parity[i], parityBodies[i]));
        }
    }

    private Strip strip(RowPosition position, int index, ByteBuffer payload, ByteBuffer body) {
        StripHeader header = new StripHeader(
                FragmentId.of(chunk, index),
                index < profile.dataStrips() ? StripKind.DATA : StripKind.PARITY,
                profile,
                position.row,
                position.sequence,
                token,
                position.existingMask,
                payload.remaining(),
                Checksum.of(payload),
                body);
        return new Strip(header, payload);
    }

    /// The data strip that a row's i-th content becomes.
    public static int dataIndex(int row, int i, int dataStrips) {
        return (row + i) % dataStrips;
    }

    /// Makes a row without payload: the same note for m + 1 fragments, so that it survives what data
    /// survives.
    public List<Strip> note(int row, long sequence, ByteBuffer body) {
        List<Strip> strips = new ArrayList<>(profile.parityStrips() + 1);
        for (int i = 0; i <= profile.parityStrips(); i++) {
            FragmentId fragment = FragmentId.of(chunk, (row + i) % profile.strips());
            ByteBuffer empty = ByteBuffer.allocate(0);
            StripHeader header = new StripHeader(
                    fragment, StripKind.NOTE, profile, row, sequence, token, 0, 0, Checksum.of(empty), body);
            strips.add(new Strip(header, empty));
        }
        return strips;
    }
}
