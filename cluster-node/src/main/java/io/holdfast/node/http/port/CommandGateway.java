package io.holdfast.node.http.port;

import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.GridReply;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The way of changes into the ledger, whoever leads. Concurrent.
@FunctionalInterface
public interface CommandGateway {
    /// Proposes on behalf of the envelope's actor. Under an idempotency key, whoever proposes under
    /// the same key again, through any node, gets the first answer and changes nothing. Fails with
    /// a `ConsensusException`.
    CompletableFuture<Answer> submit(CommandEnvelope envelope, Optional<String> idempotencyKey);

    /// An answer and where it stands.
    ///
    /// @param reply the state machine's; a refusal is an answer too
    /// @param index the entry that holds the command
    record Answer(GridReply reply, long index) {}
}
