package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;

/// What a store knows of a fragment without reading its strips.
///
/// @param extents the space it takes
public record FragmentStatus(
        FragmentId id,
        ErasureProfile profile,
        FragmentState state,
        int strips,
        long payloadBytes,
        int extents) {}
