package io.holdfast.node.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

/// One thin client of the HTTP API. Tries the endpoints in turn until one answers; a call that changes
/// something carries the same idempotency key to each, so it happens once. Concurrent.
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// An answer is at most a page of entries; more than this is no answer of ours.
    private static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;

    private static final int PAGES_MAX = 10_000;

    private final ClusterAccess access;
    private final Duration timeout;
    private final HttpClient http;
    private final ObjectMapper mapper = new ObjectMapper();

    public ApiClient(ClusterAccess access, Duration timeout) throws CliException {
        this(access, timeout, PinnedTrust.contextFor(access.authorityPem()));
    }

    private ApiClient(ClusterAccess access, Duration timeout, SSLContext tls) {
        this.access = access;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(tls)
                .build();
    }

    /// A client without a token, for a node that joins and knows the cluster only by what its trust manager
    /// recognises.
    public static ApiClient trusting(X509TrustManager trust, List<String> endpoints, Duration timeout)
            throws CliException {
        return new ApiClient(new ClusterAccess(endpoints, "", ""), timeout, PinnedTrust.contextFor(trust));
    }

    /// The answer's document; a null node if it has none.
    public JsonNode call(ApiRequest request) throws CliException {
        return answer(request).body();
    }

    /// The answer with what stands in its headers.
    public ApiAnswer answer(ApiRequest request) throws CliException {
        String idempotencyKey = UUID.randomUUID().toString();
        StringBuilder unreachable = new StringBuilder();
        for (String endpoint : access.endpoints()) {
            try {
                HttpResponse<InputStream> response =
                        send(endpoint, request, idempotencyKey, HttpResponse.BodyHandlers.ofInputStream());
                ApiAnswer answer = answerOf(response);
                boolean isLastResort = endpoint.equals(access.endpoints().getLast());
                if (answer.status() >= 500 && ExitCode.ofHttpStatus(answer.status()) == ExitCode.UNAVAILABLE
                        && !isLastResort) {
                    continue;
                }
                return answer.orThrow();
            } catch (SSLException refused) {
                unreachable.append("\n  ").append(endpoint).append(": TLS: ").append(refused.getMessage());
            } catch (IOException failed) {
                unreachable.append("\n  ").append(endpoint).append(": ").append(describe(failed));
            }
        }
        throw new CliException(
                ExitCode.UNAVAILABLE,
                "no node answers" + unreachable,
                "look with 'holdfast status'; a local cluster is started with 'holdfast up'");
    }

    /// All items of a list, page after page.
    public ArrayNode list(ApiRequest request, int itemsMax) throws CliException {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        ApiRequest page = request;
        for (int count = 0; count < PAGES_MAX && items.size() < itemsMax; count++) {
            JsonNode body = call(page);
            for (JsonNode item : body.isArray() ? body : body.path("items")) {
                if (items.size() < itemsMax) {
                    items.add(item);
                }
            }
            String next = body.path("next").asText("");
            if (next.isEmpty()) {
                break;
            }
            page = request.withQuery("cursor", next);
        }
        return items;
    }

    /// Opens a stream of server-sent events; the caller closes it.
    public EventStream watch(ApiRequest request) throws CliException {
        String lastFailure = "";
        for (String endpoint : access.endpoints()) {
            try {
                HttpResponse<InputStream> response = http.send(
                        base(endpoint, request).header("Accept", "text/event-stream").GET().build(),
                        HttpResponse.BodyHandlers.ofInputStream());
                if (response.statusCode() != 200) {
                    throw answerOf(response).failure();
                }
                return new EventStream(response.body());
            } catch (IOException failed) {
                lastFailure = describe(failed);
            } catch (InterruptedException stopped) {
                throw interrupted(stopped);
            }
        }
        throw new CliException(
                ExitCode.UNAVAILABLE, "no node answers: " + lastFailure, "look with 'holdfast status'");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private <T> HttpResponse<T> send(
            String endpoint, ApiRequest request, String idempotencyKey, HttpResponse.BodyHandler<T> handler)
            throws IOException, CliException {
        HttpRequest.Builder builder =
                base(endpoint, request).timeout(timeout).header("Accept", "application/json");
        if (request.body().isNull()) {
            builder.method(request.method(), HttpRequest.BodyPublishers.noBody());
        } else {
            builder.header("Content-Type", "application/json");
            builder.method(
                    request.method(),
                    HttpRequest.BodyPublishers.ofByteArray(mapper.writeValueAsBytes(request.body())));
        }
        if (!request.isReading() && !request.headers().containsKey(ApiRequest.IDEMPOTENCY_KEY)) {
            builder.header(ApiRequest.IDEMPOTENCY_KEY, idempotencyKey);
        }
        try {
            return http.send(builder.build(), handler);
        } catch (InterruptedException stopped) {
            throw interrupted(stopped);
        }
    }

    private HttpRequest.Builder base(String endpoint, ApiRequest request) {
        URI address = URI.create("https://" + endpoint + request.target());
        HttpRequest.Builder builder = HttpRequest.newBuilder(address);
        if (!access.token().isEmpty()) {
            builder.header("Authorization", "Bearer " + access.token());
        }
        request.headers().forEach(builder::header);
        return builder;
    }

    private ApiAnswer answerOf(HttpResponse<InputStream> response) throws IOException {
        byte[] bytes;
        try (InputStream stream = response.body()) {
            bytes = stream.readNBytes(ANSWER_BYTES_MAX);
        }
        JsonNode body = JsonNodeFactory.instance.nullNode();
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (bytes.length > 0 && type.contains("json")) {
            try {
                body = mapper.readTree(bytes);
            } catch (JsonProcessingException malformed) {
                throw new IOException("the answer is not the JSON it says it is", malformed);
            }
        } else if (bytes.length > 0) {
            body = JsonNodeFactory.instance.textNode(new String(bytes, StandardCharsets.UTF_8));
        }
        return new ApiAnswer(response.statusCode(), body, response.headers().firstValue("ETag").orElse(""));
    }

    private static CliException interrupted(InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return new CliException(ExitCode.FAILED, "interrupted", "", stopped);
    }

    private static String describe(IOException failed) {
        String message = failed.getMessage();
        return message == null ? "cannot be reached" : message;
    }
}
