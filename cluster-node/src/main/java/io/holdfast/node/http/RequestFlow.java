package io.holdfast.node.http;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.http.auth.Authentication;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.http.contract.ApiContract;
import io.holdfast.node.http.contract.ApiOperation;
import io.holdfast.node.http.contract.RouteTree;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Principal;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.exchange.ProblemException;
import io.holdfast.node.http.resource.CatalogResource;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.http.port.AppGateway;
import io.holdfast.node.identity.ClusterCertificate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The way of one request: read and bounded on the event loop, then matched, authenticated, checked and
/// answered on a virtual thread. Concurrent.
final class RequestFlow {
    private final Parts parts;
    private final ApiLimits limits;
    private final Admission admission;
    private final ExecutorService callThreads;
    private final Semaphore callSlots;
    private final BodyReader bodies;
    private volatile boolean stopping;

    /// What the flow is put together from.
    record Parts(
            ApiContract contract,
            Map<String, ApiHandler> handlers,
            Authentication authentication,
            RefusalLog refusals,
            WatchHub watches,
            UiFiles files,
            AppGateway gateway) {}

    RequestFlow(Parts parts, ApiLimits limits, Admission admission, ExecutorService callThreads) {
        this.parts = parts;
        this.limits = limits;
        this.admission = admission;
        this.callThreads = callThreads;
        this.callSlots = new Semaphore(limits.callCountMax());
        this.bodies = new BodyReader(limits);
    }

    /// Refuses calls from now on.
    void stop() {
        stopping = true;
    }

    void awaitCalls(long seconds) throws InterruptedException {
        if (callSlots.tryAcquire(limits.callCountMax(), seconds, TimeUnit.SECONDS)) {
            callSlots.release(limits.callCountMax());
        }
    }

    /// Takes a request on its event loop.
    void onRequest(HttpServerRequest http, ApiConnection connection) {
        connection.callBegan();
        http.response().endHandler(_ -> connection.callEnded());
        http.response()
                .closeHandler(
                        _ -> {
                            if (!http.response().ended()) {
                                connection.callEnded();
                            }
                        });
        ApiRequest request = ApiRequest.of(http, connection, limits);
        try {
            route(request);
        } catch (ProblemException e) {
            request.reply(problemReply(request, e.problem(), Optional.empty()));
        }
    }

    private void route(ApiRequest request) {
        if (stopping) {
            throw new Problem(503, "stopping", "this node is stopping", "ask another node")
                    .exception();
        }
        String rawPath = request.http().path();
        if (rawPath != null && rawPath.startsWith(AppGateway.PREFIX)) {
            parts.gateway.take(request.http(), caller(request));
            return;
        }
        List<String> segments = RequestPath.segments(rawPath == null ? "" : rawPath);
        boolean isRead =
                request.http().method().equals(HttpMethod.GET)
                        || request.http().method().equals(HttpMethod.HEAD);
        if (isRead && (segments.equals(List.of("")) || segments.equals(List.of("ui")))) {
            request.reply(ApiReply.redirect("/ui/"));
            return;
        }
        if (isRead && segments.getFirst().equals("ui")) {
            request.reply(
                    parts.files.find(segments.subList(1, segments.size()), request::header));
            return;
        }
        String method = isRead ? "GET" : request.http().method().name();
        switch (parts.contract.match(method, segments)) {
            case RouteTree.Match.Nothing _ ->
                    throw new Problem(
                                    404,
                                    "no-such-route",
                                    "the API has no such path",
                                    "GET /v1/openapi.json lists all")
                            .exception();
            case RouteTree.Match.OtherMethod other ->
                    request.reply(
                            new Problem(
                                            405,
                                            "method-not-allowed",
                                            "the path knows " + other.allowed(),
                                            "")
                                    .reply(request.id())
                                    .with("Allow", String.join(", ", other.allowed())));
            case RouteTree.Match.Found found -> admit(request, found);
        }
    }

    /// Who sends a request for an application.
    private AppGateway.Caller caller(ApiRequest request) {
        var certificate = request.connection().certificate()
                .filter(shown -> admission.refusal(shown).isEmpty());
        return new AppGateway.Caller(
                request.id(),
                certificate
                        .filter(shown -> shown.kind() == ClusterCertificate.Kind.NODE)
                        .map(ClusterCertificate::name),
                () -> parts.authentication.identify(request::header, certificate, false).isPresent());
    }

    /// Refuses, before a byte of the body is read, who cannot be let in.
    private void admit(ApiRequest request, RouteTree.Match.Found found) {
        if (found.operation().role().isPresent()) {
            if (!request.hasCredential()) {
                throw Authentication.missing().exception();
            }
        }
        bodies.read(request, body -> dispatch(request, found, body));
    }

    private void dispatch(ApiRequest request, RouteTree.Match.Found found, Buffer body) {
        if (!callSlots.tryAcquire()) {
            request.reply(
                    problemReply(
                            request,
                            new Problem(503, "busy", "too many calls are being answered", "")
                                    .retryAfter(Duration.ofSeconds(1)),
                            Optional.empty()));
            return;
        }
        try {
            callThreads.execute(
                    () -> {
                        try {
                            run(request, found, body);
                        } finally {
                            callSlots.release();
                        }
                    });
        } catch (RejectedExecutionException e) {
            callSlots.release();
            request.reply(
                    problemReply(
                            request,
                            new Problem(503, "stopping", "this node is stopping", ""),
                            Optional.empty()));
        }
    }

    private void run(ApiRequest request, RouteTree.Match.Found found, Buffer body) {
        Optional<Principal> caller = Optional.empty();
        try {
            caller = identify(request, found.operation());
            ApiCall call = call(request, found, body, caller);
            if (found.operation().id().equals(Operations.WATCH)) {
                parts.watches.open(request, call, () -> identify(request, found.operation()));
                return;
            }
            ApiHandler handler = parts.handlers.get(found.operation().id());
            if (handler == null) {
                throw new IllegalStateException(
                        "nothing answers the operation: id=" + found.operation().id());
            }
            request.reply(handler.answer(call));
        } catch (ProblemException e) {
            request.reply(problemReply(request, e.problem(), caller));
        } catch (RuntimeException e) {
            request.reply(problemReply(request, Problems.of(e, request.id()), caller));
        }
    }

    private Optional<Principal> identify(ApiRequest request, ApiOperation operation) {
        if (operation.role().isEmpty()) {
            return Optional.empty();
        }
        var certificate = request.connection().certificate();
        certificate
                .flatMap(admission::refusal)
                .ifPresent(
                        reason -> {
                            throw new Problem(403, "certificate-refused", reason, "").exception();
                        });
        Principal principal =
                parts.authentication
                        .identify(request::header, certificate, operation.isChange())
                        .orElseThrow(() -> Authentication.missing().exception());
        Role needed = operation.role().get();
        if (!principal.mayActAs(needed)) {
            throw CatalogResource.forbidden(needed).exception();
        }
        return Optional.of(principal);
    }

    private ApiCall call(
            ApiRequest request,
            RouteTree.Match.Found found,
            Buffer body,
            Optional<Principal> caller) {
        ApiOperation operation = found.operation();
        operation.checkPath(found.values());
        return new ApiCall(
                operation.id(),
                request.http().uri(),
                request.id(),
                found.values(),
                operation.checkQuery(RequestPath.query(request.http().query())),
                request::header,
                operation.checkBody(json(request, body)),
                BodyReader.hash(body),
                caller,
                request.deadlineNanos());
    }

    private static Optional<JsonObject> json(ApiRequest request, Buffer body) {
        if (body.length() == 0) {
            return Optional.empty();
        }
        String type = request.header("Content-Type");
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Problem(415, "unsupported-media-type", "a body is application/json", "")
                    .exception();
        }
        try {
            if (Json.decodeValue(body) instanceof JsonObject object) {
                return Optional.of(object);
            }
        } catch (DecodeException e) {
            throw Problem.badRequest("malformed-json", "the body is not JSON").exception();
        }
        throw new Problem(422, "invalid", "the body is an object", "").exception();
    }

    private static RefusalLog.Reason reasonOf(Problem problem, ApiRequest request) {
        if (problem.status() == 403) {
            return RefusalLog.Reason.FORBIDDEN;
        }
        return request.hasCredential()
                ? RefusalLog.Reason.BAD_CREDENTIAL
                : RefusalLog.Reason.NO_CREDENTIAL;
    }

    private ApiReply problemReply(ApiRequest request, Problem problem, Optional<Principal> caller) {
        boolean isRefusal = problem.status() == 401 || problem.status() == 403;
        if (isRefusal) {
            parts.refusals.refused(
                    reasonOf(problem, request),
                    request.address(),
                    caller.map(known -> known.actor().label()).orElse("-"),
                    request.http().method() + " " + request.http().path(),
                    request.id());
        }
        if (problem.status() != 401) {
            return problem.reply(request.id());
        }
        if (request.hasCredential() && parts.refusals.mustWait(request.address())) {
            return new Problem(
                            429,
                            "too-many-attempts",
                            "too many bad credentials from this address",
                            "")
                    .retryAfter(Duration.ofSeconds(30))
                    .reply(request.id());
        }
        return problem.reply(request.id()).with("WWW-Authenticate", "Bearer realm=\"holdfast\"");
    }
}
