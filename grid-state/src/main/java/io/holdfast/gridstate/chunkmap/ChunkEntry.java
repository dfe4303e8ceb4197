package io.holdfast.gridstate.chunkmap;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.FragmentIndex;
import java.util.List;

/// A chunk as the map knows it. Its stream's name and newest token stand in the stream's entry.
///
/// @param profile how it is coded; its parity count may be smaller than the stream's
/// @param token under which it was opened, or last taken over
/// @param places where fragment i lies, for every i
/// @param lengthBytes of data; final once it is not open
/// @param usefulBytes how many of these something still refers to
/// @param state what may happen to it
public record ChunkEntry(
        Profile profile,
        FencingToken token,
        List<FragmentPlace> places,
        long lengthBytes,
        long usefulBytes,
        ChunkState state) {
    public ChunkEntry {
        places = Check.distinct("a chunk's places", places, FragmentIndex.COUNT_MAX);
        Check.range("a chunk's length", lengthBytes, 0, ChunkRange.CHUNK_BYTES_MAX);
        Check.range("a chunk's useful bytes", usefulBytes, 0, lengthBytes);
        if (places.size() != profile.fragmentCount()) {
            throw new IllegalArgumentException("a chunk has a place for each fragment: places="
                    + places.size() + " fragments=" + profile.fragmentCount());
        }
    }

    ChunkEntry withState(ChunkState next) {
        return new ChunkEntry(profile, token, places, lengthBytes, usefulBytes, next);
    }

    ChunkEntry withUseful(long newUsefulBytes) {
        return new ChunkEntry(profile, token, places, lengthBytes, newUsefulBytes, state);
    }

    ChunkEntry withPlaces(List<FragmentPlace> newPlaces) {
        return new ChunkEntry(profile, token, newPlaces, lengthBytes, usefulBytes, state);
    }

    ChunkEntry sealedAs(FencingToken newToken, ChunkRules.Sealing sealing, ChunkState next) {
        return new ChunkEntry(
                profile, newToken, places, sealing.lengthBytes(), sealing.usefulBytes(), next);
    }
}
