package io.holdfast.consensus.apply;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.consensus.SessionId;
import java.util.concurrent.CompletableFuture;

/// What became of one command of an entry.
public sealed interface Outcome {
    /// It was applied, now or by an earlier attempt.
    record Applied(Committed committed) implements Outcome {}

    /// An earlier attempt was applied and its result, having been acknowledged, is no longer kept.
    record Forgotten(SessionId session, long sequence) implements Outcome {}

    /// The session is not remembered any more; it was not applied.
    record Expired(SessionId session) implements Outcome {}

    /// Answers the proposer.
    default void completeTo(CompletableFuture<Committed> future) {
        switch (this) {
            case Applied applied -> future.complete(applied.committed);
            case Forgotten forgotten -> future.completeExceptionally(asException(forgotten));
            case Expired expired ->
                future.completeExceptionally(new SessionExpiredException(expired.session));
        }
    }

    private static ConsensusException asException(Forgotten forgotten) {
        return new OutcomeUnknownException("it was applied before and its result was acknowledged: session="
                + forgotten.session + " sequence=" + forgotten.sequence);
    }
}
