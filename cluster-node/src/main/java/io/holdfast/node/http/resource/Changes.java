package io.holdfast.node.http.resource;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.CommandGateway;
import io.vertx.core.json.JsonObject;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Brings changes into the ledger on behalf of callers. Concurrent.
public final class Changes {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final CommandGateway gateway;

    public Changes(CommandGateway gateway) {
        this.gateway = gateway;
    }

    /// Applies a command and tells its outcome; a refusal becomes a problem.
    public ApiReply apply(ApiCall call, GridCommand command) {
        return apply(call, command, 200);
    }

    /// Applies a command that makes something.
    public ApiReply create(ApiCall call, GridCommand command) {
        return apply(call, command, 201);
    }

    private ApiReply apply(ApiCall call, GridCommand command, int status) {
        CommandGateway.Answer answer = accepted(call, command);
        GridReply.Accepted accepted = (GridReply.Accepted) answer.reply();
        JsonObject body =
                new JsonObject().put("version", accepted.version()).put("index", answer.index());
        switch (accepted.result()) {
            case GridReply.Result.Nothing _ -> {
                // The version is all there is.
            }
            case GridReply.Result.Granted granted -> body.mergeIn(RecordJson.object(granted));
            case GridReply.Result.Assigned assigned -> body.mergeIn(RecordJson.object(assigned));
            case GridReply.Result.Progressed progressed ->
                    body.mergeIn(RecordJson.object(progressed));
        }
        return ApiReply.json(status, body)
                .withVersion(accepted.version())
                .withIndex(answer.index());
    }

    /// Applies a command and gives back an answer whose reply is an acceptance.
    CommandGateway.Answer accepted(ApiCall call, GridCommand command) {
        CommandGateway.Answer answer = submit(call, command);
        return switch (answer.reply()) {
            case GridReply.Accepted _ -> answer;
            case GridReply.Refused refused -> throw problem(refused).exception();
        };
    }

    private CommandGateway.Answer submit(ApiCall call, GridCommand command) {
        CommandEnvelope envelope =
                new CommandEnvelope(call.principal().actor(), call.requestId(), command);
        try {
            return gateway.submit(envelope, idempotencyKey(call))
                    .get(call.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new OutcomeUnknownException(
                    "the call's deadline passed before its outcome was known", e);
        } catch (ExecutionException e) {
            Throwable cause =
                    e.getCause() instanceof CompletionException nested
                            ? nested.getCause()
                            : e.getCause();
            if (cause instanceof ConsensusException known) {
                throw known;
            }
            throw new OutcomeUnknownException("the change failed in an unexpected way", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("this node is stopping", e);
        }
    }

    /// What makes a repetition of this very call recognisable at any node. It covers the whole
    /// request: the same key with another body is another call.
    static Optional<String> idempotencyKey(ApiCall call) {
        return call.header(ApiHeaders.IDEMPOTENCY_KEY)
                .map(
                        key -> {
                            if (!KEY.matcher(key).matches()) {
                                throw Problem.badRequest(
                                                "invalid-header",
                                                ApiHeaders.IDEMPOTENCY_KEY
                                                        + " is 1 to 128 visible ASCII characters")
                                        .exception();
                            }
                            return String.join(
                                    "\n",
                                    call.principal().actor().label(),
                                    key,
                                    call.operation(),
                                    call.target(),
                                    call.header("If-Match").orElse(""),
                                    call.header("If-None-Match").orElse(""),
                                    call.bodyHash());
                        });
    }

    static Problem problem(GridReply.Refused refused) {
        return new Problem(
                status(refused.code()),
                refused.code().problemCode(),
                refused.message(),
                refused.hint());
    }

    private static int status(RefusalCode code) {
        return switch (code) {
            case INVALID -> 422;
            case NOT_FOUND -> 404;
            case VERSION_MISMATCH -> 412;
            case EXPIRED -> 410;
            case EXISTS, QUOTA_EXCEEDED, FENCED, IN_USE, FORBIDDEN_STATE, HELD, UNSUPPORTED_LEVEL ->
                    409;
        };
    }
}
