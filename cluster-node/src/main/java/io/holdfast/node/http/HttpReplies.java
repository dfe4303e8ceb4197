package io.holdfast.node.http;

import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/// Writes replies, with the headers that every reply has. Runs on the request's event loop.
final class HttpReplies {
    private static final String NOTHING_MAY_RUN = "default-src 'none'; frame-ancestors 'none'";

    /// Scripts and styles come from files of this node alone; nothing inline.
    static final String UI_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; connect-src 'self'; manifest-src 'self';"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private HttpReplies() {}

    static void send(HttpServerRequest request, ApiReply reply, String requestId) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        putStandard(response, requestId);
        reply.headers().forEach(response::putHeader);
        if (request.version() == HttpVersion.HTTP_2) {
            response.headers().remove("Connection");
        }
        boolean hasBody = reply.status() != 204 && reply.status() != 304;
        if (hasBody) {
            response.putHeader("Content-Length", Integer.toString(reply.body().length()));
        }
        if (hasBody && !request.method().equals(HttpMethod.HEAD) && reply.body().length() > 0) {
            response.end(reply.body());
        } else {
            response.end();
        }
    }

    /// No Strict-Transport-Security: no port of a node speaks plain HTTP, and for `localhost` the
    /// header would bind every other program there.
    static void putStandard(HttpServerResponse response, String requestId) {
        response.putHeader(ApiHeaders.REQUEST_ID, requestId)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Security-Policy", NOTHING_MAY_RUN)
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY");
    }

    /// Answers what is not HTTP, or too much of it.
    static void refuseInvalid(HttpServerRequest request) {
        DecoderResult result = request.decoderResult();
        Throwable cause = result.cause();
        Problem problem =
                switch (cause) {
                    case TooLongHttpLineException _ ->
                            new Problem(414, "uri-too-long", "the request line is too long", "");
                    case TooLongHttpHeaderException _ ->
                            new Problem(
                                    431,
                                    "headers-too-large",
                                    "the request's headers are too large",
                                    "");
                    case null, default ->
                            Problem.badRequest("malformed-request", "the request is not HTTP");
                };
        send(request, problem.reply("-").with("Connection", "close"), "-");
        request.connection().close();
    }
}
