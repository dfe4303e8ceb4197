package io.holdfast.node.testing;

import io.holdfast.node.http.ApiLimits;
import io.holdfast.node.http.ApiServer;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.RotatingKeys;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A real API server on a free port in front of a [FakeNode], and clients for it.
public final class ApiHarness implements AutoCloseable {
    public static final TestCluster CLUSTER = TestCluster.now("home");

    private final Vertx vertx = Vertx.vertx();
    private final Set<String> evicted = ConcurrentHashMap.newKeySet();
    private final FakeNode node = FakeNode.founded();
    private final ApiServer server;
    private final HttpClient anonymous;

    public ApiHarness(ApiLimits limits) {
        this(limits, Optional.empty());
    }

    private ApiHarness(ApiLimits limits, Optional<SignOn> signOn) {
        ClusterTrust trust =
                new ClusterTrust(
                        List.of(CLUSTER.authority().certificate()),
                        certificate ->
                                evicted.contains(certificate.name())
                                        ? Optional.of("evicted")
                                        : Optional.empty());
        this.server =
                ApiServer.listen(
                        vertx,
                        new ApiServer.Binding(
                                "127.0.0.1", 0, new RotatingKeys(CLUSTER.node("node-a")), trust),
                        limits,
                        node.ports(signOn),
                        InstantSource.system());
        this.anonymous = client(null);
    }

    public static ApiHarness standard() {
        return new ApiHarness(ApiLimits.standard());
    }

    /// A server where people log in elsewhere too.
    ///
    /// @param signOn makes the way, given the server's own address
    public static ApiHarness signingOn(Function<URI, SignOn> signOn) {
        LateSignOn late = new LateSignOn();
        ApiHarness harness = new ApiHarness(ApiLimits.standard(), Optional.of(late));
        late.come(signOn.apply(URI.create("https://127.0.0.1:" + harness.server.port())));
        return harness;
    }

    public FakeNode node() {
        return node;
    }

    public ApiServer server() {
        return server;
    }

    public void evict(String name) {
        evicted.add(name);
    }

    /// A client that shows the identity's certificate, or none.
    public HttpClient client(@Nullable NodeIdentity identity) {
        ClusterTrust trust =
                new ClusterTrust(List.of(CLUSTER.authority().certificate()), Admission.ALL);
        ClusterTls tls =
                identity == null
                        ? ClusterTls.anonymous(trust)
                        : ClusterTls.of(new RotatingKeys(identity), trust);
        return HttpClient.newBuilder()
                .sslContext(tls.context())
                .sslParameters(tls.parameters())
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    public HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return anonymous.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String path, String token)
            throws IOException, InterruptedException {
        return send(request(path).header("Authorization", "Bearer " + token));
    }

    public HttpResponse<String> call(String method, String path, String token, JsonObject body)
            throws IOException, InterruptedException {
        return send(change(method, path, token, body));
    }

    public HttpRequest.Builder change(String method, String path, String token, JsonObject body) {
        return request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.encode()));
    }

    @Override
    public void close() {
        server.close();
        anonymous.close();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }
}
