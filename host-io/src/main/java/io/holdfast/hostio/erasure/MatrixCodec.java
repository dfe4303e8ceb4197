package io.holdfast.hostio.erasure;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The profile's matrix on some back-end. Concurrent: immutable but for a bounded cache of transforms, one
/// per pattern of strips at hand and strips wanted.
final class MatrixCodec implements ErasureCodec {
    /// Tables kept; a pattern that is not among them is computed again (about 20 us).
    private static final int TRANSFORM_COUNT_MAX = 256;

    private final ErasureProfile profile;
    private final CodecBackend backend;
    private final CodingMatrix matrix;
    private final ConcurrentHashMap<Pattern, StripTransform> transforms = new ConcurrentHashMap<>();

    MatrixCodec(ErasureProfile profile, CodecBackend backend) {
        this.profile = profile;
        this.backend = backend;
        this.matrix = CodingMatrix.cauchy(profile);
    }

    @Override
    public ErasureProfile profile() {
        return profile;
    }

    @Override
    public String backend() {
        return backend.name();
    }

    @Override
    public void encode(@Nullable MemorySegment[] data, @Nullable MemorySegment[] parity, int stripBytes) {
        int k = profile.dataStrips();
        if (data.length != k || parity.length != profile.parityStrips()) {
            throw new IllegalArgumentException("strips do not fit the profile: profile=" + profile + " data="
                    + data.length + " parity=" + parity.length);
        }
        int dataMask = mask(data);
        if (mask(parity) != 0) {
            apply(new Pattern(dataMask, dataMask, mask(parity) << k), data, parity, k, stripBytes);
        }
    }

    @Override
    public void reconstruct(
            @Nullable MemorySegment[] strips,
            int absentMask,
            @Nullable MemorySegment[] wanted,
            int stripBytes) {
        if (strips.length != profile.strips() || wanted.length != profile.strips()) {
            throw new IllegalArgumentException("strips do not fit the profile: profile=" + profile
                    + " strips=" + strips.length + " wanted=" + wanted.length);
        }
        int dataMask = (1 << profile.dataStrips()) - 1;
        int atHand = mask(strips);
        int wantedMask = mask(wanted);
        if ((absentMask & ~dataMask) != 0 || (absentMask & (atHand | wantedMask)) != 0) {
            throw new IllegalArgumentException("only data strips can be absent, and such a one is neither"
                    + " at hand nor wanted: absentMask=" + Integer.toBinaryString(absentMask));
        }
        int needed = profile.dataStrips() - Integer.bitCount(absentMask);
        if (Integer.bitCount(atHand) < needed) {
            throw new IllegalArgumentException("too few strips at hand: profile=" + profile + " needed="
                    + needed + " atHand=" + Integer.bitCount(atHand));
        }
        if ((wantedMask & atHand) != 0) {
            throw new IllegalArgumentException(
                    "a strip at hand is not computed: wantedMask=" + Integer.toBinaryString(wantedMask));
        }
        if (wantedMask != 0) {
            int sourceMask = lowest(atHand, needed);
            apply(new Pattern(dataMask & ~absentMask, sourceMask, wantedMask), strips, wanted, 0, stripBytes);
        }
    }

    /// @param wantedShift the number of the strip that stands first in `wanted`
    private void apply(
            Pattern pattern, @Nullable MemorySegment[] strips, @Nullable MemorySegment[] wanted,
            int wantedShift, int stripBytes) {
        MemorySegment[] sources = select(strips, pattern.sourceMask, stripBytes);
        MemorySegment[] targets = select(wanted, pattern.wantedMask >>> wantedShift, stripBytes);
        try {
            transform(pattern).apply(sources, targets, stripBytes);
        } finally { // Native code sees only addresses; the memory must not go while it works.
            Reference.reachabilityFence(sources);
            Reference.reachabilityFence(targets);
        }
    }

    private StripTransform transform(Pattern pattern) {
        StripTransform known = transforms.get(pattern);
        if (known != null) {
            return known;
        }
        if (transforms.size() >= TRANSFORM_COUNT_MAX) {
            transforms.clear();
        }
        // The column of an absent strip multiplies zeros only, so it is left out. As many sources as columns
        // remain, and any square part of the Cauchy rows can be inverted, so can this one.
        int[] columns = bits(pattern.existingMask);
        CodingMatrix toData = matrix.selectRows(bits(pattern.sourceMask)).selectColumns(columns).invert();
        CodingMatrix toWanted = matrix.selectRows(bits(pattern.wantedMask)).selectColumns(columns);
        StripTransform transform = backend.transform(toWanted.times(toData));
        transforms.put(pattern, transform);
        return transform;
    }

    private static MemorySegment[] select(@Nullable MemorySegment[] strips, int mask, int stripBytes) {
        MemorySegment[] selected = new MemorySegment[Integer.bitCount(mask)];
        int rest = mask;
        for (int i = 0; i < selected.length; i++) {
            MemorySegment strip = Objects.requireNonNull(strips[Integer.numberOfTrailingZeros(rest)]);
            if (!strip.isNative() || strip.byteSize() < stripBytes) {
                throw new IllegalArgumentException("a strip is native memory of at least its size:"
                        + " bytes=" + strip.byteSize() + " native=" + strip.isNative()
                        + " stripBytes=" + stripBytes);
            }
            selected[i] = strip;
            rest &= rest - 1;
        }
        return selected;
    }

    private static int lowest(int mask, int count) {
        int result = 0;
        int rest = mask;
        for (int i = 0; i < count; i++) {
            result |= Integer.lowestOneBit(rest);
            rest &= rest - 1;
        }
        return result;
    }

    private static int[] bits(int mask) {
        int[] bits = new int[Integer.bitCount(mask)];
        int rest = mask;
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Integer.numberOfTrailingZeros(rest);
            rest &= rest - 1;
        }
        return bits;
    }

    private static int mask(@Nullable MemorySegment[] strips) {
        int mask = 0;
        for (int i = 0; i < strips.length; i++) {
            if (strips[i] != null) {
                mask |= 1 << i;
            }
        }
        return mask;
    }

    /// @param existingMask the data strips that are not zeros by definition
    /// @param sourceMask the strips computed from
    /// @param wantedMask the strips computed
    private record Pattern(int existingMask, int sourceMask, int wantedMask) {}
}
