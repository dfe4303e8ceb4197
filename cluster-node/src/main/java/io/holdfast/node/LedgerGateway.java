package io.holdfast.node;

import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.node.http.port.CommandGateway;
import io.holdfast.node.ledger.GridCommands;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The API's way into the ledger. An idempotency key belongs to its actor: the same key of somebody else is
/// another.
record LedgerGateway(GridCommands commands) implements CommandGateway {
    @Override
    public CompletableFuture<Answer> submit(CommandEnvelope envelope, Optional<String> idempotencyKey) {
        return idempotencyKey
                .map(key -> commands.submitOnce(envelope.actor().label() + "\n" + key, envelope))
                .orElseGet(() -> commands.submit(envelope))
                .thenApply(answer -> new Answer(answer.reply(), answer.committed().index().value()));
    }
}
