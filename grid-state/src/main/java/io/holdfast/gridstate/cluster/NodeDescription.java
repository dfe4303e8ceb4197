package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;

/// What a node says about itself.
///
/// @param zone the failure zone that it stands in
/// @param addresses where it listens
/// @param wantsVote whether it shall vote rather than others
/// @param level the newest format that it understands
public record NodeDescription(String zone, Addresses addresses, boolean wantsVote, int level) {
    public NodeDescription {
        Check.name("a zone", zone);
        Check.range("a level", level, 1, 255);
    }
}
