package io.holdfast.node.http;

import io.holdfast.node.http.exchange.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Reads requests' bodies within bounds of size, time and memory of all together. Concurrent: each
/// body is confined to its event loop, the sum is atomic.
final class BodyReader {
    /// Bodies on their way in, of all connections together.
    private static final long HELD_BYTES_MAX = 64L * 1024 * 1024;

    private final ApiLimits limits;
    private final AtomicLong heldBytes = new AtomicLong();

    BodyReader(ApiLimits limits) {
        this.limits = limits;
    }

    /// Calls back on the event loop with the whole body, or answers the request with a problem.
    void read(ApiRequest request, Consumer<Buffer> whole) {
        Body body = new Body(request, whole);
        String length = request.http().getHeader("Content-Length");
        if (length != null
                && (length.length() > 10 || Long.parseLong(length) > limits.bodyBytesMax())) {
            body.refuse(tooLarge());
            return;
        }
        body.start();
    }

    static String hash(Buffer body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Problem tooLarge() {
        return new Problem(
                413,
                "body-too-large",
                "a body has at most " + limits.bodyBytesMax() + " bytes",
                "");
    }

    /// One body on its way in.
    private final class Body {
        private final ApiRequest request;
        private final Consumer<Buffer> whole;
        private final Vertx vertx;
        private final Buffer held = Buffer.buffer();
        private long timer;
        private boolean over;

        Body(ApiRequest request, Consumer<Buffer> whole) {
            this.request = request;
            this.whole = whole;
            this.vertx = request.context().owner();
        }

        void start() {
            timer =
                    vertx.setTimer(
                            limits.requestTimeout().toMillis(),
                            _ ->
                                    refuse(
                                            new Problem(
                                                    408,
                                                    "body-too-slow",
                                                    "the body did not come in time",
                                                    "")));
            request.http().handler(this::onBytes);
            request.http().exceptionHandler(_ -> finish());
            request.http().endHandler(_ -> onEnd());
        }

        private void onBytes(Buffer bytes) {
            if (over) {
                return;
            }
            if (held.length() + bytes.length() > limits.bodyBytesMax()) {
                refuse(tooLarge());
            } else if (heldBytes.addAndGet(bytes.length()) > HELD_BYTES_MAX) {
                heldBytes.addAndGet(-bytes.length());
                refuse(
                        new Problem(503, "busy", "too many bodies are on their way in", "")
                                .retryAfter(Duration.ofSeconds(1)));
            } else {
                held.appendBuffer(bytes);
            }
        }

        private void onEnd() {
            if (!over) {
                finish();
                whole.accept(held);
            }
        }

        private void finish() {
            if (!over) {
                over = true;
                vertx.cancelTimer(timer);
                heldBytes.addAndGet(-held.length());
            }
        }

        /// Answers and hangs up: what is left of the body is not worth reading.
        void refuse(Problem problem) {
            finish();
            request.reply(problem.reply(request.id()).with("Connection", "close"));
            vertx.setTimer(
                    100,
                    _ -> {
                        if (request.http().version() != io.vertx.core.http.HttpVersion.HTTP_2) {
                            request.http().connection().close();
                        } else {
                            request.http().response().reset();
                        }
                    });
        }
    }
}
