package io.holdfast.node.http;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.IncompatibleFormatException;
import io.holdfast.consensus.InvalidProposalException;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.http.exchange.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/// Turns failures into problems; what nobody expected goes to the log and not to the caller.
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    static Problem of(RuntimeException failure, String requestId) {
        return switch (failure) {
            case ConsensusException known -> of(known, requestId);
            case IllegalArgumentException invalid ->
                    new Problem(422, "invalid", String.valueOf(invalid.getMessage()), "");
            default -> {
                LOG.error("a call failed unexpectedly: requestId={}", requestId, failure);
                yield new Problem(
                        500,
                        "internal",
                        "the node failed to answer",
                        "its log has the request's id and the cause");
            }
        };
    }

    private static Problem of(ConsensusException failure, String requestId) {
        return switch (failure) {
            case UnavailableException e -> unavailable(e);
            case NotLeaderException e -> unavailable(e);
            case OutcomeUnknownException e ->
                    new Problem(
                            504,
                            "outcome-unknown",
                            "the change may or may not have happened: " + e.getMessage(),
                            "repeat it with the same Idempotency-Key, or read to find out");
            case SessionExpiredException _ ->
                    new Problem(
                            409,
                            "idempotency-key-expired",
                            "the ledger no longer remembers the key",
                            "read to find out what happened, then use a new key");
            case InvalidProposalException e ->
                    new Problem(422, "invalid", String.valueOf(e.getMessage()), "");
            case CorruptLedgerException e -> broken(e, requestId);
            case IncompatibleFormatException e -> broken(e, requestId);
        };
    }

    private static Problem unavailable(ConsensusException failure) {
        return new Problem(
                        503,
                        "unavailable",
                        String.valueOf(failure.getMessage()),
                        "nothing was changed; reads with consistency=local still work")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Problem broken(ConsensusException failure, String requestId) {
        LOG.error("the ledger's state is damaged: requestId={}", requestId, failure);
        return new Problem(
                500,
                "corrupt-ledger",
                "this node's copy of the ledger is damaged",
                "ask another node");
    }
}
