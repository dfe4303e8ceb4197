package io.holdfast.hostio.erasure;

import java.lang.foreign.MemorySegment;

/// A matrix ready to be applied to strips. Concurrent.
interface StripTransform {
    /// Overwrites each target with the sum over the sources times the coefficients of its row.
    void apply(MemorySegment[] sources, MemorySegment[] targets, int stripBytes);
}
