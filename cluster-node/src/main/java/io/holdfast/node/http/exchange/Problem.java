package io.holdfast.node.http.exchange;

import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.Optional;

/// Why a call failed, as RFC 9457 has it. The code is stable and for programs; the hint says what
/// to do.
///
/// @param status the HTTP status
/// @param code lower case with dashes
/// @param detail what is wrong with this call, for people; never a secret, never a stack trace
/// @param hint what to do about it; may be empty
/// @param retryAfter when a repetition may succeed
public record Problem(
        int status, String code, String detail, String hint, Optional<Duration> retryAfter) {
    public static final String MEDIA_TYPE = "application/problem+json";
    private static final int DETAIL_LENGTH_MAX = 600;

    public Problem(int status, String code, String detail, String hint) {
        this(status, code, detail, hint, Optional.empty());
    }

    public static Problem badRequest(String code, String detail) {
        return new Problem(400, code, detail, "GET /v1/openapi.json describes every call");
    }

    public static Problem notFound(String detail) {
        return new Problem(404, "not-found", detail, "");
    }

    public Problem retryAfter(Duration pause) {
        return new Problem(status, code, detail, hint, Optional.of(pause));
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }

    /// The reply that tells it.
    public ApiReply reply(String requestId) {
        JsonObject body =
                new JsonObject()
                        .put("type", "urn:holdfast:problem:" + code)
                        .put("title", title())
                        .put("status", status)
                        .put(
                                "detail",
                                detail.length() > DETAIL_LENGTH_MAX
                                        ? detail.substring(0, DETAIL_LENGTH_MAX)
                                        : detail)
                        .put("code", code)
                        .put("requestId", requestId);
        if (!hint.isEmpty()) {
            body.put("hint", hint);
        }
        ApiReply reply = ApiReply.of(status, MEDIA_TYPE, body.toBuffer());
        return retryAfter
                .map(
                        pause ->
                                reply.with(
                                        "Retry-After",
                                        Long.toString(Math.max(1, pause.toSeconds()))))
                .orElse(reply);
    }

    /// The code as words: the same for every occurrence, as the RFC asks.
    private String title() {
        return Character.toUpperCase(code.charAt(0)) + code.substring(1).replace('-', ' ');
    }
}
