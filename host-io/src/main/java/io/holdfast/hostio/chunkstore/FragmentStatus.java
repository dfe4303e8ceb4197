package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;

/// What a store knows of a fragment without reading its strips.
///
/// @param rowLimit strips of this row and later are no part of it; [Integer#MAX_VALUE] until it is sealed
/// @param strips how many it has
/// @param payloadBytes of all its strips
/// @param extents the space it takes
public record FragmentStatus(
        FragmentId id,
        ErasureProfile profile,
        FragmentState state,
        int rowLimit,
        int strips,
        long payloadBytes,
        int extents) {}
