package io.holdfast.gridstate.volume;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;

/// A version of a volume that its family keeps and that is to belong to a snapshot of an application.
///
/// @param volume whose version it is
/// @param token of the serving node
/// @param number by which the family knows the version
/// @param isAtRest whether all who used the volume have stood still since
public record VolumePin(String volume, FencingToken token, int number, boolean isAtRest) {
    public VolumePin {
        Check.name("a volume's name", volume);
        Check.notNegative("a snapshot's number", number);
    }
}
