package io.holdfast.gridstate.command;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.Actor;

/// A command and who asks; what a proposal holds.
///
/// @param actor on whose behalf
/// @param requestId the request's identity, as logs and the audit have it; may be empty
/// @param command what
public record CommandEnvelope(Actor actor, String requestId, GridCommand command) {
    public CommandEnvelope {
        Check.note("a request's id", requestId, 64);
    }
}
