package io.holdfast.node.gateway;

import io.holdfast.node.app.Visit;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.port.AppGateway;
import io.holdfast.node.membership.HostAndPort;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on its way through the gateway, and the answer on its way back. Confined to the request's
/// event loop but for [#refuse], [#fail] and [#onLoop].
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    /// An instance was ready.
    static final String WARM = "warm";

    private static final Set<HttpMethod> WITHOUT_BODY =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.DELETE);

    private final HttpServerRequest request;
    private final AppGateway.Caller caller;
    private final Context context;
    private final GatewayMeters meters;
    private final long begunNanos;
    private boolean hasSentBody;

    Exchange(
            HttpServerRequest request,
            AppGateway.Caller caller,
            Context context,
            GatewayMeters meters,
            long begunNanos) {
        this.request = request;
        this.caller = caller;
        this.context = context;
        this.meters = meters;
        this.begunNanos = begunNanos;
    }

    AppGateway.Caller caller() {
        return caller;
    }

    void onLoop(Runnable step) {
        if (context.equals(Vertx.currentContext())) {
            step.run();
        } else {
            context.runOnContext(_ -> step.run());
        }
    }

    /// Answers that the request was not handled.
    void refuse(Problem problem) {
        onLoop(() -> {
            meters.refused(problem.code());
            if (!request.response().headWritten()) {
                request.response().headers().set(GatewayHeaders.NOT_HANDLED, "true");
            }
            answer(problem.reply(caller.requestId()));
        });
    }

    void fail(Throwable broken) {
        LOG.error("a request could not be passed on: request={}", caller.requestId(), broken);
        refuse(new Problem(500, "internal", "the gateway failed", ""));
    }

    /// Passes the request to an instance.
    ///
    /// @param start how the instance came to be ready, for the meters
    /// @param notReached finds another way; called if no connection could be made
    void passTo(HttpClient instances, Visit visit, GatewayPath path, String start, Runnable notReached) {
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(visit.address()))
                .setMethod(request.method())
                .setURI(path.rest());
        instances.request(options).onComplete(connected -> {
            if (connected.failed()) {
                visit.close();
                LOG.debug("an instance was not reached: reason={}", connected.cause().getMessage());
                notReached.run();
                return;
            }
            HttpClientRequest outgoing = connected.result();
            GatewayHeaders.copyRequest(request, outgoing.headers(), path, caller.node().isPresent());
            outgoing.putHeader(ApiHeaders.REQUEST_ID, caller.requestId());
            String host = request.getHeader("Host");
            outgoing.putHeader("Host", host == null ? path.application().name() : host);
            send(outgoing).onComplete(answered -> {
                if (answered.failed()) {
                    visit.close();
                    lose(answered.cause());
                } else {
                    noteStart(path, visit, start);
                    onInstancesAnswer(answered.result(), start).onComplete(_ -> visit.close());
                }
            });
        });
    }

    private void noteStart(GatewayPath path, Visit visit, String start) {
        if (!start.equals(WARM)) {
            meters.started(
                    path.application(), start, visit.snapshot().orElse(""), System.nanoTime() - begunNanos);
        }
    }

    private Future<Void> onInstancesAnswer(HttpClientResponse answer, String start) {
        if (!start.equals(WARM) && !request.response().headWritten()) {
            request.response().headers().set(GatewayHeaders.START, start);
        }
        meters.answered(start, System.nanoTime() - begunNanos);
        return passBack(answer);
    }

    /// Passes the request on to another node.
    ///
    /// @param notHandled finds another way; called if that node did not handle the request
    void passOn(HttpClient nodes, HostAndPort node, String self, Runnable notHandled) {
        RequestOptions options = new RequestOptions()
                .setHost(node.host())
                .setPort(node.port())
                .setMethod(request.method())
                .setURI(request.uri());
        nodes.request(options).onComplete(connected -> {
            if (connected.failed()) {
                LOG.debug("a node was not reached: node={} reason={}", node, connected.cause().getMessage());
                notHandled.run();
                return;
            }
            HttpClientRequest outgoing = connected.result();
            GatewayPath.parse(request.uri()).ifPresent(
                    path -> GatewayHeaders.copyRequest(request, outgoing.headers(), path, false));
            outgoing.putHeader(ApiHeaders.REQUEST_ID, caller.requestId());
            outgoing.putHeader(GatewayHeaders.PASSED_ON_BY, self);
            send(outgoing).onComplete(answered -> {
                if (answered.failed()) {
                    lose(answered.cause());
                } else {
                    onNodesAnswer(answered.result(), notHandled);
                }
            });
        });
    }

    private void onNodesAnswer(HttpClientResponse answer, Runnable notHandled) {
        boolean isHandled = answer.getHeader(GatewayHeaders.NOT_HANDLED) == null;
        boolean isWorthAnotherWay = answer.statusCode() == 503 && answer.getHeader("Retry-After") != null;
        if (!isHandled && isWorthAnotherWay && !hasSentBody) {
            answer.body().onComplete(_ -> notHandled.run());
            return;
        }
        if (isHandled) {
            String start = answer.getHeader(GatewayHeaders.START);
            meters.answered(start == null ? WARM : start, System.nanoTime() - begunNanos);
        } else {
            meters.refused("elsewhere");
        }
        var _ = passBack(answer);
    }

    private Future<HttpClientResponse> send(HttpClientRequest outgoing) {
        String length = request.getHeader("Content-Length");
        boolean isUnsaid = length == null
                && (request.getHeader("Transfer-Encoding") != null
                        || (request.version() == HttpVersion.HTTP_2
                                && !WITHOUT_BODY.contains(request.method())));
        if (!isUnsaid && (length == null || length.equals("0"))) {
            return outgoing.send();
        }
        hasSentBody = true;
        if (isUnsaid) {
            outgoing.setChunked(true);
        }
        return outgoing.send(request);
    }

    private Future<Void> passBack(HttpClientResponse answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return answer.end();
        }
        letGo();
        response.setStatusCode(answer.statusCode());
        GatewayHeaders.copyResponse(answer.headers(), response.headers());
        boolean isWithoutBody = request.method().equals(HttpMethod.HEAD)
                || answer.statusCode() == 204
                || answer.statusCode() == 304;
        if (isWithoutBody) {
            return response.end();
        }
        if (answer.getHeader("Content-Length") == null && request.version() != HttpVersion.HTTP_2) {
            response.setChunked(true);
        }
        return answer.pipeTo(response).onFailure(broken -> {
            LOG.debug("an answer broke off: request={} reason={}", caller.requestId(), broken.getMessage());
            response.reset();
        });
    }

    /// Whatever is left of the request's body is not looked at.
    private void letGo() {
        if (!request.isEnded()) {
            request.resume();
        }
    }

    /// The request, or part of it, has gone, and no answer came.
    private void lose(Throwable cause) {
        meters.refused("outcome-unknown");
        LOG.debug("an answer was lost: request={} reason={}", caller.requestId(), cause.getMessage());
        Problem problem = new Problem(
                502,
                "outcome-unknown",
                "the application did not answer; the request may or may not have been handled",
                "repeat it only if it may happen twice");
        answer(problem.retryAfter(Duration.ofSeconds(1)).reply(caller.requestId()));
    }

    private void answer(ApiReply reply) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        letGo();
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        response.putHeader(ApiHeaders.REQUEST_ID, caller.requestId())
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Length", Integer.toString(reply.body().length()));
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(reply.body());
        }
    }
}
