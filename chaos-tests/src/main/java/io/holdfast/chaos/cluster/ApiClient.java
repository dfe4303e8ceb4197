package io.holdfast.chaos.cluster;

import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client of the HTTP API that trusts one cluster's authority and shows one user's token. Never retries by
/// itself: whether a call may be repeated is what the histories are about. Concurrent.
public final class ApiClient implements NodeApi, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiClient.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);

    private final HttpClient http;
    private final String token;
    private final Duration limit;

    /// A client with its own connections.
    ///
    /// @param limit how long to wait for an answer
    public ApiClient(String authorityPem, String token, Duration limit) throws IOException {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .sslContext(trusting(authorityPem))
                .build();
        this.token = token;
        this.limit = limit;
    }

    @Override
    public void follow(String address, String path, Consumer<String> line) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + address + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .build();
        try {
            HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() == 200) {
                    lines.forEach(line);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("stream broke, address={}, reason={}", address, e.toString());
        }
    }

    @Override
    public ApiOutcome call(String address, ApiCall call) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://" + address + call.path()))
                .timeout(limit)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
        call.headers().forEach(request::header);
        if (call.body() instanceof Json.Null) {
            request.method(call.method(), HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(call.method(), HttpRequest.BodyPublishers.ofString(call.body().write()));
        }
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
        try {
            // The request's own limit ends with the headers; an answer may break off in its body, too.
            HttpResponse<String> response = answer.get(2 * limit.toMillis(), TimeUnit.MILLISECONDS);
            return new ApiOutcome.Answered(response.statusCode(), parsed(response.body()));
        } catch (ExecutionException e) {
            return without(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new ApiOutcome.NoAnswer("no whole answer in time");
        }
    }

    private static ApiOutcome without(@Nullable Throwable reason) {
        return switch (reason) {
            case ConnectException e -> new ApiOutcome.NotSent(e.toString());
            case NoRouteToHostException e -> new ApiOutcome.NotSent(e.toString());
            case HttpConnectTimeoutException e -> new ApiOutcome.NotSent(e.toString());
            case SSLHandshakeException e -> new ApiOutcome.NotSent(e.toString());
            case null, default -> new ApiOutcome.NoAnswer(String.valueOf(reason));
        };
    }

    private static Json parsed(String body) {
        if (body.isBlank()) {
            return new Json.Null();
        }
        try {
            return Json.parse(body);
        } catch (InvalidJsonException e) {
            return new Json.Text(body);
        }
    }

    private static SSLContext trusting(String authorityPem) throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("cluster",
                    CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(authorityPem.getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority's certificate cannot be used", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
