package io.holdfast.hostio.erasure;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A Reed-Solomon coder for one profile, working in place on the caller's memory. Concurrent.
///
/// A strip that does not exist counts as zeros and is given as `null`, so a row of j < k data strips is
/// coded without writing zeros anywhere. Memory must be native (direct buffers); strips must not overlap.
public interface ErasureCodec {
    ErasureProfile profile();

    /// Which back-end computes, for logs and metrics.
    String backend();

    /// Fills the parity strips.
    ///
    /// @param data k strips in order; `null` for a strip that does not exist
    /// @param parity m strips in order; `null` for one that is not wanted
    void encode(@Nullable MemorySegment[] data, @Nullable MemorySegment[] parity, int stripBytes);

    /// Computes wanted strips, data or parity, from the ones at hand.
    ///
    /// @param strips k + m strips in order, with `null` where a strip is lost, unread, or does not exist
    /// @param absentMask bit i is set if data strip i does not exist (counts as zeros, takes no reading)
    /// @param wanted k + m places, each with memory to fill or `null`
    /// @throws IllegalArgumentException if fewer than k strips exist or are absent
    void reconstruct(
            @Nullable MemorySegment[] strips,
            int absentMask,
            @Nullable MemorySegment[] wanted,
            int stripBytes);
}
