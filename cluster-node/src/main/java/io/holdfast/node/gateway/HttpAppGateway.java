package io.holdfast.node.gateway;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.node.app.AppCatalog;
import io.holdfast.node.app.AppRouter;
import io.holdfast.node.app.AppRouter.Route;
import io.holdfast.node.app.AppRouter.Wanted;
import io.holdfast.node.app.Visit;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.exchange.ProblemException;
import io.holdfast.node.http.port.AppGateway;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.RotatingKeys;
import io.holdfast.node.membership.HostAndPort;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The gateway of a node. Concurrent.
public final class HttpAppGateway implements AppGateway, AutoCloseable {
    /// Requests that wait for a way at one time.
    static final int WAITING_MAX = 4_096;

    private static final int CONNECTIONS_MAX = 8_192;
    private static final int NODE_CONNECTIONS_MAX = 512;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
    private static final Duration KEPT_ALIVE = Duration.ofSeconds(5);
    private static final Duration IDLE_MAX = Duration.ofMinutes(5);
    /// A node that did not handle a request is not asked again for so long.
    private static final Duration AVOIDED = Duration.ofMillis(300);

    /// Before an instance that took no connection is tried again.
    private static final Duration UNREACHED_PAUSE = Duration.ofMillis(20);

    private static final Duration WAIT_STANDARD = Duration.ofSeconds(30);
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);
    private static final Duration REPEAT_AFTER = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final AppRouter router;
    private final AppCatalog catalog;
    private final Neighbours neighbours;
    private final GatewayMeters meters;
    private final HttpClient instances;
    private final HttpClient nodes;
    private final Semaphore waiting = new Semaphore(WAITING_MAX);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gateway-", 0).factory());

    /// Who this node is to others, and where they are.
    ///
    /// @param self this node's name
    /// @param apiAddresses where a node's API is
    public record Neighbours(
            String self,
            RotatingKeys keys,
            ClusterTrust trust,
            Function<String, Optional<HostAndPort>> apiAddresses) {}

    public HttpAppGateway(
            Vertx vertx, AppRouter router, AppCatalog catalog, Neighbours neighbours, GatewayMeters meters) {
        this.vertx = vertx;
        this.router = router;
        this.catalog = catalog;
        this.neighbours = neighbours;
        this.meters = meters;
        this.instances = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAlive(false)
                        .setDecompressionSupported(false)
                        .setConnectTimeout((int) CONNECT_WITHIN.toMillis())
                        .setIdleTimeout((int) IDLE_MAX.toSeconds()),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
        this.nodes = vertx.createHttpClient(
                ofNodes(neighbours), new PoolOptions().setHttp1MaxSize(NODE_CONNECTIONS_MAX));
    }

    /// The other end is recognised by its certificate, not by a host name: nodes move.
    private static HttpClientOptions ofNodes(Neighbours neighbours) {
        HttpClientOptions options = new HttpClientOptions();
        options.setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(neighbours.keys()))
                .setTrustOptions(TrustOptions.wrap(neighbours.trust().nodesOnly()))
                .setEnabledSecureTransportProtocols(Set.of(ClusterTls.PROTOCOL));
        return options.setVerifyHost(false)
                .setDecompressionSupported(false)
                .setConnectTimeout((int) CONNECT_WITHIN.toMillis())
                .setKeepAliveTimeout((int) KEPT_ALIVE.toSeconds())
                .setIdleTimeout((int) IDLE_MAX.toSeconds());
    }

    @Override
    public void take(HttpServerRequest request, Caller caller) {
        long begun = System.nanoTime();
        Context context = Objects.requireNonNull(Vertx.currentContext(), "requests come on an event loop");
        Exchange exchange = new Exchange(request, caller, context, meters, begun);
        Optional<GatewayPath> path = GatewayPath.parse(request.uri());
        if (path.isEmpty()) {
            exchange.refuse(new Problem(404, "no-such-route", "an application's path is /apps/NAME/", ""));
        } else if (request.getHeader("Upgrade") != null && request.getHeader("HTTP2-Settings") == null) {
            exchange.refuse(new Problem(501, "no-upgrade", "the gateway passes on plain HTTP only", ""));
        } else {
            request.pause();
            boolean mayGoElsewhere = caller.node().isEmpty();
            seek(exchange, path.get(), new Wanted(
                    path.get().application(), mayGoElsewhere, Map.of(), begun + patienceNanos(request)));
        }
    }

    private static long patienceNanos(HttpServerRequest request) {
        String text = request.getHeader(ApiHeaders.TIMEOUT);
        if (text != null && text.matches("[0-9]{1,9}")) {
            long millis = Math.clamp(Long.parseLong(text), 1, WAIT_MAX.toMillis());
            return TimeUnit.MILLISECONDS.toNanos(millis);
        }
        return WAIT_STANDARD.toNanos();
    }

    /// Finds a way for a request, on a virtual thread; also the next one, if it reached no instance.
    private void seek(Exchange exchange, GatewayPath path, Wanted wanted) {
        if (!waiting.tryAcquire()) {
            exchange.refuse(new Problem(503, "busy", "too many requests wait for applications", "")
                    .retryAfter(REPEAT_AFTER));
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    find(exchange, path, wanted);
                } finally {
                    waiting.release();
                }
            });
        } catch (RejectedExecutionException stopping) {
            waiting.release();
            exchange.refuse(isStopping());
        }
    }

    /// An instance that is ready and does not listen may be about to end, or to listen again.
    private void seekLater(Exchange exchange, GatewayPath path, Wanted wanted) {
        if (System.nanoTime() - wanted.deadlineNanos() >= 0) {
            exchange.refuse(new Problem(
                    503, "not-reached", "the application's instance does not take connections", "")
                    .retryAfter(REPEAT_AFTER));
        } else {
            var _ = vertx.setTimer(UNREACHED_PAUSE.toMillis(), _ -> seek(exchange, path, wanted));
        }
    }

    private void find(Exchange exchange, GatewayPath path, Wanted wanted) {
        try {
            if (!mayCall(exchange, path)) {
                exchange.refuse(new Problem(
                        401, "unauthenticated", "the application is for members of the cluster", ""));
                return;
            }
            Optional<Visit> ready = router.enterHere(path.application());
            Route route = ready.isPresent() ? new Route.Here(ready.get()) : router.route(wanted);
            switch (route) {
                case Route.Here(Visit visit) -> {
                    String start = ready.isPresent() ? Exchange.WARM : visit.startKind().label();
                    exchange.onLoop(() -> exchange.passTo(
                            instances, visit, path, start, () -> seekLater(exchange, path, wanted)));
                }
                case Route.There(String node) -> passOn(exchange, path, wanted, node);
                case Route.Refused refused -> exchange.refuse(problem(refused));
            }
        } catch (ProblemException refused) {
            exchange.refuse(refused.problem());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            exchange.refuse(isStopping());
        } catch (RuntimeException broken) {
            exchange.fail(broken);
        }
    }

    private boolean mayCall(Exchange exchange, GatewayPath path) {
        boolean isPublic = catalog.application(path.application())
                .flatMap(ApplicationEntry::spec)
                .map(ApplicationSpec::access)
                .filter(access -> access == ApplicationSpec.Access.MEMBERS)
                .isEmpty();
        return isPublic
                || exchange.caller().node().isPresent()
                || exchange.caller().isMember().getAsBoolean();
    }

    private void passOn(Exchange exchange, GatewayPath path, Wanted wanted, String node) {
        Optional<HostAndPort> address = neighbours.apiAddresses().apply(node);
        if (address.isEmpty()) {
            seek(exchange, path, avoiding(wanted, node));
            return;
        }
        exchange.onLoop(() -> exchange.passOn(
                nodes, address.get(), neighbours.self(), () -> seek(exchange, path, avoiding(wanted, node))));
    }

    private static Wanted avoiding(Wanted wanted, String node) {
        return wanted.avoiding(node, System.nanoTime() + AVOIDED.toNanos());
    }

    private static Problem problem(Route.Refused refused) {
        boolean isAbsent = refused.code().equals("not-found") || refused.code().equals("serves-nothing");
        Problem problem = new Problem(isAbsent ? 404 : 503, refused.code(), refused.reason(), "");
        return refused.isTemporary() ? problem.retryAfter(REPEAT_AFTER) : problem;
    }

    private static Problem isStopping() {
        return new Problem(503, "stopping", "this node is stopping", "ask another node")
                .retryAfter(REPEAT_AFTER);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        var _ = instances.close();
        var _ = nodes.close();
    }
}
