package io.holdfast.node.http;

import io.holdfast.node.http.auth.Authentication;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.http.contract.ApiContract;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.RotatingKeys;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The API's port. Concurrent.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final long OPEN_SECONDS_MAX = 10;
    private static final long CLOSE_SECONDS_MAX = 5;
    private static final long SWEEP_MILLIS = 2_000;
    private static final long STREAMS_PER_CONNECTION_MAX = 100;

    private final HttpServer server;
    private final ApiLimits limits;
    private final ClusterTrust trust;
    private final ExecutorService callThreads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("api-call-", 0).factory());
    private final Map<HttpConnection, ApiConnection> connections = new ConcurrentHashMap<>();
    private final RefusalLog refusals;
    private final WatchHub watches;
    private final RequestFlow flow;
    private final Vertx vertx;
    private final long sweepTimer;

    private ApiServer(
            Vertx vertx,
            RotatingKeys keys,
            ClusterTrust trust,
            ApiLimits limits,
            ApiPorts ports,
            InstantSource clock) {
        this.vertx = vertx;
        this.limits = limits;
        this.trust = trust;
        this.refusals = ports.refusals();
        this.watches = new WatchHub(vertx, ports.changes(), limits);
        UiFiles ui = new UiFiles();
        Authentication authentication = new Authentication(ports.reads(), clock);
        Operations operations =
                new Operations(
                        ports,
                        authentication,
                        refusals,
                        () -> keys.identity().authorities().getFirst(),
                        clock);
        this.flow =
                new RequestFlow(
                        new RequestFlow.Parts(
                                ApiContract.ofThisBuild(),
                                operations.handlers(),
                                authentication,
                                refusals,
                                watches,
                                ui,
                                ports.gateway()),
                        limits,
                        trust.admission(),
                        callThreads);
        this.server =
                vertx.createHttpServer(options(keys, trust, limits))
                        .connectionHandler(this::onConnection)
                        .invalidRequestHandler(HttpReplies::refuseInvalid)
                        .exceptionHandler(
                                failure ->
                                        LOG.debug(
                                                "connection refused: reason={}",
                                                failure.getMessage()))
                        .requestHandler(
                                request ->
                                        flow.onRequest(request, connection(request.connection())));
        this.sweepTimer = vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
    }

    /// Listens; port 0 takes a free one. Blocks until it does.
    public static ApiServer listen(
            Vertx vertx, Binding binding, ApiLimits limits, ApiPorts ports, InstantSource clock) {
        ApiServer opened =
                new ApiServer(vertx, binding.keys(), binding.trust(), limits, ports, clock);
        try {
            opened.server
                    .listen(binding.port(), binding.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(OPEN_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            opened.close();
            throw new IllegalStateException(
                    "cannot serve the API: host=" + binding.host() + " port=" + binding.port(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opened.close();
            throw new IllegalStateException(
                    "interrupted while opening the API: port=" + binding.port(), e);
        }
        return opened;
    }

    /// Where to listen, and who this node is.
    ///
    /// @param host the address to bind
    /// @param port 0 for a free one
    /// @param keys what this node shows
    /// @param trust whose certificates it accepts; nobody has to show one
    public record Binding(String host, int port, RotatingKeys keys, ClusterTrust trust) {}

    public int port() {
        return server.actualPort();
    }

    public int connectionCount() {
        return connections.size();
    }

    public int watchCount() {
        return watches.count();
    }

    /// Calls refused (401, 403) since the start.
    public long refusedCount() {
        return refusals.count();
    }

    /// Something was applied: watches need not wait for their next look.
    public void onApplied() {
        watches.signal();
    }

    /// Ends watches, waits a little for calls, and closes the port.
    @Override
    public void close() {
        vertx.cancelTimer(sweepTimer);
        watches.close();
        flow.stop();
        try {
            flow.awaitCalls(CLOSE_SECONDS_MAX);
            server.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the API did not close in time: port={}", server.actualPort(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        callThreads.shutdownNow();
    }

    private static HttpServerOptions options(
            RotatingKeys keys, ClusterTrust trust, ApiLimits limits) {
        HttpServerOptions options = new HttpServerOptions();
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setTrustOptions(TrustOptions.wrap(trust))
                .setEnabledSecureTransportProtocols(Set.of(ClusterTls.PROTOCOL))
                .setTcpNoDelay(true)
                .setReuseAddress(true);
        options.setClientAuth(ClientAuth.REQUEST);
        options.setSslHandshakeTimeout(limits.requestTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setMaxHeaderSize(limits.headerBytesMax())
                .setMaxInitialLineLength(limits.lineBytesMax())
                .setHandle100ContinueAutomatically(true)
                .setInitialSettings(
                        new Http2Settings()
                                .setMaxConcurrentStreams(STREAMS_PER_CONNECTION_MAX)
                                .setMaxHeaderListSize(limits.headerBytesMax()));
        return options;
    }

    private void onConnection(HttpConnection connection) {
        if (connections.size() >= limits.connectionCountMax()) {
            connection.close();
            return;
        }
        connections.put(connection, ApiConnection.of(connection));
        connection.closeHandler(_ -> connections.remove(connection));
    }

    private ApiConnection connection(HttpConnection connection) {
        return connections.computeIfAbsent(connection, ApiConnection::of);
    }

    /// Closes connections that do nothing (or drip headers for ever), and those of parties no longer
    /// admitted.
    private void sweep() {
        connections.forEach(
                (connection, state) -> {
                    boolean isRefused =
                            state.certificate().flatMap(trust.admission()::refusal).isPresent();
                    if (isRefused || state.isIdleFor(limits.requestTimeout())) {
                        connection.close();
                    }
                });
    }
}
