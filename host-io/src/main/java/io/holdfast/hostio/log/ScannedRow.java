package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.chunkstore.StripKind;
import io.holdfast.hostio.erasure.ErasureCodec;
import io.holdfast.hostio.erasure.ErasureCodecs;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the strips of a row, as far as they could be read, say about it. Confined to whoever scans.
public final class ScannedRow {
    private final ErasureProfile profile;
    private final @Nullable StripHeader[] headers;
    private final StripHeader any;

    ScannedRow(ErasureProfile profile, @Nullable StripHeader[] headers) {
        this.profile = profile;
        this.headers = headers;
        this.any = Arrays.stream(headers).filter(Objects::nonNull).findFirst().orElseThrow();
    }

    public int row() {
        return any.row();
    }

    public long sequence() {
        return any.sequence();
    }

    public boolean isNote() {
        return any.kind() == StripKind.NOTE;
    }

    /// The writer's words of a note.
    public ByteBuffer note() {
        return any.body().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Bit i is set if data strip i exists.
    public int existingMask() {
        return any.existingMask();
    }

    public int blocksPerStrip() {
        return any.payloadBytes() / StripHeader.BLOCK_BYTES;
    }

    /// Bytes of its data.
    public long dataBytes() {
        return (long) Integer.bitCount(existingMask()) * any.payloadBytes();
    }

    /// Bit i is set if the strip of fragment i was seen.
    int seenMask() {
        int mask = 0;
        for (int i = 0; i < headers.length; i++) {
            mask |= headers[i] != null ? 1 << i : 0;
        }
        return mask;
    }

    /// Bit i is set if fragment i has, or should have, a strip of the row.
    int expectedMask() {
        if (isNote()) {
            int mask = 0;
            for (int i = 0; i <= profile.parityStrips(); i++) {
                mask |= 1 << (row() + i) % profile.strips();
            }
            return mask;
        }
        int parity = ((1 << profile.parityStrips()) - 1) << profile.dataStrips();
        return existingMask() | parity;
    }

    /// Whether all strips of the row can be put together from those that were seen.
    boolean isComputable() {
        return isNote() || Integer.bitCount(seenMask()) >= Integer.bitCount(existingMask());
    }

    @Nullable StripHeader header(int index) {
        return headers[index];
    }

    StripHeader any() {
        return any;
    }

    /// The body of a data strip's header: read, or computed from the others'.
    public ByteBuffer body(int index) {
        StripHeader header = headers[index];
        if (header != null) {
            return header.body().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }
        ErasureCodec codec = ErasureCodecs.best(profile);
        @Nullable MemorySegment[] bodies = new @Nullable MemorySegment[profile.strips()];
        for (int i = 0; i < headers.length; i++) {
            StripHeader known = headers[i];
            bodies[i] = known == null ? null : nativeCopy(known.body());
        }
        @Nullable MemorySegment[] wanted = new @Nullable MemorySegment[profile.strips()];
        ByteBuffer body =
                ByteBuffer.allocateDirect(StripHeader.BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        wanted[index] = MemorySegment.ofBuffer(body);
        int absentMask = ~existingMask() & ((1 << profile.dataStrips()) - 1);
        codec.reconstruct(bodies, absentMask, wanted, StripHeader.BODY_BYTES);
        headers[index] = new StripHeader(
                FragmentId.of(any.fragment().chunk(), index),
                StripKind.DATA,
                profile,
                any.row(),
                any.sequence(),
                any.token(),
                any.existingMask(),
                any.payloadBytes(),
                0,
                body);
        return body;
    }

    /// The sequence at which a block of a data strip was written first.
    public long birth(int strip, int block) {
        if (blocksPerStrip() > StripBody.MOVED_BLOCKS_MAX) {
            return sequence();
        }
        long birth = StripBody.blockNumber(body(strip), StripBody.MOVED_BLOCKS_MAX + block);
        return birth == StripBody.NO_BLOCK ? sequence() : birth;
    }

    /// Whether its blocks were moved here by the cleaner.
    public boolean isMoved() {
        if (isNote() || blocksPerStrip() > StripBody.MOVED_BLOCKS_MAX) {
            return false;
        }
        ByteBuffer body = body(Integer.numberOfTrailingZeros(existingMask()));
        return StripBody.blockNumber(body, StripBody.MOVED_BLOCKS_MAX) != StripBody.NO_BLOCK;
    }

    private static MemorySegment nativeCopy(ByteBuffer body) {
        ByteBuffer copy = ByteBuffer.allocateDirect(StripHeader.BODY_BYTES);
        return MemorySegment.ofBuffer(copy.put(body.duplicate()).flip());
    }
}
