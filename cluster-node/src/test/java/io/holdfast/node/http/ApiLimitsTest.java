package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.testing.ApiHarness;
import io.holdfast.node.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class ApiLimitsTest {
    private final ApiHarness api =
            new ApiHarness(
                    new ApiLimits(
                            4_096,
                            4_096,
                            2_048,
                            8,
                            4,
                            1,
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(5)));
    private final String viewer = api.node().user("eve", Role.VIEWER);
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        api.close();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aClientThatDripsItsHeadersIsCut() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        NetSocket socket = connect(closed);
        socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n");
        long timer = vertx.setPeriodic(200, _ -> socket.write("X: y\r\n"));
        closed.orTimeout(15, TimeUnit.SECONDS).join();
        vertx.cancelTimer(timer);
    }

    @Test
    void aClientThatDripsItsBodyIsCut() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        NetSocket socket = connect(closed);
        socket.write(
                "POST /v1/join HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 1000\r\n\r\n{");
        long timer = vertx.setPeriodic(200, _ -> socket.write(" "));
        closed.orTimeout(15, TimeUnit.SECONDS).join();
        vertx.cancelTimer(timer);
    }

    @Test
    void tooManyConnectionsAreRefused() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        for (int i = 0; i < 12; i++) {
            connect(first);
        }
        first.orTimeout(10, TimeUnit.SECONDS).join();
        assertTrue(api.server().connectionCount() <= 8);
    }

    @Test
    void overlongHeadersLinesAndBodiesAreRefused() throws Exception {
        HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(
                                io.holdfast.node.identity.ClusterTls.anonymous(
                                                new ClusterTrust(
                                                        List.of(
                                                                ApiHarness.CLUSTER
                                                                        .authority()
                                                                        .certificate()),
                                                        Admission.ALL))
                                        .context())
                        .build();
        assertEquals(
                431, status(client, api.request("/healthz").header("X-Long", "y".repeat(6_000))));
        assertEquals(414, status(client, api.request("/healthz?" + "y".repeat(3_000))));
        assertEquals(
                413,
                status(
                        client,
                        api.request("/v1/join")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("y".repeat(5_000)))));
        client.shutdownNow();
    }

    @Test
    void aSecondWatchIsRefusedWhereOnlyOneFits() throws Exception {
        HttpClient client = api.client(null);
        HttpRequest watch =
                api.request("/v1/watch").header("Authorization", "Bearer " + viewer).build();
        HttpResponse<java.io.InputStream> first =
                client.send(watch, HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, first.statusCode());
        assertEquals(503, api.get("/v1/watch", viewer).statusCode());
        first.body().close();
        Await.until("room again", () -> api.server().watchCount() == 0);
        client.shutdownNow();
    }

    private static int status(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private NetSocket connect(CompletableFuture<Void> closed) {
        NetClientOptions options = new NetClientOptions();
        options.setSsl(true)
                .setTrustOptions(
                        TrustOptions.wrap(
                                new ClusterTrust(
                                        List.of(ApiHarness.CLUSTER.authority().certificate()),
                                        Admission.ALL)))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        options.setHostnameVerificationAlgorithm("");
        NetClient client = vertx.createNetClient(options);
        NetSocket socket =
                client.connect(api.server().port(), "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
        socket.handler(_ -> {}).closeHandler(_ -> closed.complete(null));
        return socket;
    }
}
