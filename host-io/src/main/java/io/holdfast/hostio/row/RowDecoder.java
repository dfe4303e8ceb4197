package io.holdfast.hostio.row;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.chunkstore.StripKind;
import io.holdfast.hostio.erasure.ErasureCodec;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Computes lost strips of a row from the others. Concurrent if the source of memory is.
public final class RowDecoder {
    private final ErasureCodec codec;
    private final ErasureProfile profile;
    private final IntFunction<ByteBuffer> memory;

    /// @param memory gives direct buffers of a size
    public RowDecoder(ErasureCodec codec, IntFunction<ByteBuffer> memory) {
        this.codec = codec;
        this.profile = codec.profile();
        this.memory = memory;
    }

    /// How many strips of the row must be at hand to compute another.
    public static int stripsNeeded(StripHeader anyOfTheRow) {
        return Integer.bitCount(anyOfTheRow.existingMask());
    }

    /// Computes the strip of a fragment, header and all.
    ///
    /// @param strips verified strips of the row, at least [#stripsNeeded], in native memory
    /// @param index which is wanted; one that exists and is not among them
    /// @throws CorruptDataException if the strips are not of one row, or a data strip does not come out as
    /// its checksums say
    public Strip reconstruct(Collection<Strip> strips, int index) {
        StripHeader any = strips.iterator().next().header();
        int count = profile.strips();
        @Nullable MemorySegment[] payloads = new @Nullable MemorySegment[count];
        @Nullable MemorySegment[] bodies = new @Nullable MemorySegment[count];
        for (Strip strip : strips) {
            requireSameRow(any, strip.header());
            int at = strip.header().fragment().index().value();
            payloads[at] = nativeMemory(strip.payload());
            bodies[at] = nativeMemory(strip.header().body());
        }
        int absentMask = ~any.existingMask() & ((1 << profile.dataStrips()) - 1);
        ByteBuffer payload = memory.apply(any.payloadBytes());
        ByteBuffer body = memory.apply(StripHeader.BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        codec.reconstruct(payloads, absentMask, only(index, payload), any.payloadBytes());
        codec.reconstruct(bodies, absentMask, only(index, body), StripHeader.BODY_BYTES);
        boolean isData = index < profile.dataStrips();
        if (isData) {
            verify(any, payload, body);
        }
        StripHeader header = new StripHeader(
                FragmentId.of(any.fragment().chunk(), index),
                isData ? StripKind.DATA : StripKind.PARITY,
                profile,
                any.row(),
                any.sequence(),
                any.token(),
                any.existingMask(),
                any.payloadBytes(),
                Checksum.of(payload),
                body);
        return new Strip(header, payload);
    }

    private @Nullable MemorySegment[] only(int index, ByteBuffer target) {
        @Nullable MemorySegment[] wanted = new @Nullable MemorySegment[profile.strips()];
        wanted[index] = MemorySegment.ofBuffer(target);
        return wanted;
    }

    /// Bodies of headers read from disk are on the heap.
    private MemorySegment nativeMemory(ByteBuffer bytes) {
        if (bytes.isDirect()) {
            return MemorySegment.ofBuffer(bytes);
        }
        ByteBuffer copy = memory.apply(bytes.remaining());
        return MemorySegment.ofBuffer(copy.put(bytes.duplicate()).flip());
    }

    private void requireSameRow(StripHeader expected, StripHeader actual) {
        boolean same = actual.fragment().chunk().equals(expected.fragment().chunk())
                && actual.profile().equals(profile)
                && actual.kind() != StripKind.NOTE
                && actual.row() == expected.row()
                && actual.sequence() == expected.sequence()
                && actual.existingMask() == expected.existingMask()
                && actual.payloadBytes() == expected.payloadBytes();
        if (!same) {
            throw new CorruptDataException(place(expected), expected.toString(), actual.toString());
        }
    }

    private static void verify(StripHeader any, ByteBuffer payload, ByteBuffer body) {
        for (int i = 0; i < any.payloadBytes() / StripContent.BLOCK_BYTES; i++) {
            int actual = Checksum.of(payload, i * StripContent.BLOCK_BYTES, StripContent.BLOCK_BYTES);
            if (actual != StripBody.checksum(body, i)) {
                throw new CorruptDataException(
                        place(any),
                        "crc32c " + Integer.toHexString(StripBody.checksum(body, i)) + " of block " + i,
                        Integer.toHexString(actual));
            }
        }
    }

    private static Place place(StripHeader any) {
        return new Place("row", any.fragment().chunk().toString(), any.row());
    }
}
