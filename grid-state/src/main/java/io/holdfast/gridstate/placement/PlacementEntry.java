package io.holdfast.gridstate.placement;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;

/// A slot that a node has claimed.
///
/// @param node who runs the instance
/// @param host the token of the node's lease; the claim is as good as that
/// @param generation of the specification that it runs
/// @param claimedMillis since when it is the node's
/// @param state how the instance is
public record PlacementEntry(
        String node, FencingToken host, long generation, long claimedMillis, PlacementState state) {
    /// The name of the lease under which a node claims slots.
    public static String leaseOf(String node) {
        return "app-host/" + node;
    }

    public PlacementEntry {
        Check.name("a node's name", node);
        Check.notNegative("a generation", generation);
        Check.notNegative("a time", claimedMillis);
    }

    PlacementEntry withState(PlacementState next) {
        return new PlacementEntry(node, host, generation, claimedMillis, next);
    }
}
