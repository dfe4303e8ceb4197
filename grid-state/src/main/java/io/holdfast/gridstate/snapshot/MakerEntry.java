package io.holdfast.gridstate.snapshot;

import io.holdfast.consensus.FencingToken;
import java.util.Optional;

/// Who makes snapshots of an application on hosts of a class.
///
/// @param token the newest shown; older ones are refused
/// @param making the name of the snapshot that is being made
public record MakerEntry(FencingToken token, Optional<String> making) {}
