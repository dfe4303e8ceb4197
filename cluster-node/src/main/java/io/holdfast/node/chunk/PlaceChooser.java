package io.holdfast.node.chunk;

import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.hostio.holder.HolderId;
import java.util.List;
import java.util.Set;

/// Finds places for fragments. Concurrent; may block for a moment.
@FunctionalInterface
public interface PlaceChooser {
    /// Places for so many fragments, or as many as can be had, each in a failure place of its own.
    ///
    /// @param avoid disks that are not to be used
    /// @param taken places of the chunk that stay what they are
    List<FragmentPlace> choose(
            int count, Profile.Spread spread, Set<HolderId> avoid, List<FragmentPlace> taken);
}
