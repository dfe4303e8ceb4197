package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;

/// What a new volume is to be.
///
/// @param sizeBytes a multiple of the block's size
/// @param blockBytes the smallest piece that is read or written: a power of two, 512 to 65,536
/// @param profile how it is coded and spread
/// @param policy what it does by itself
/// @param family a stream that does not exist yet
public record VolumeDraft(
        long sizeBytes, int blockBytes, Profile profile, VolumePolicy policy, StreamId family) {
    public VolumeDraft {
        VolumeEntry.checkSize(sizeBytes, blockBytes);
        Check.range("a profile's parity count", profile.parityCount(), 0, VolumeEntry.PARITY_COUNT_MAX);
        Check.range("a profile's data count", profile.dataCount(), 1, VolumeEntry.DATA_COUNT_MAX);
    }
}
