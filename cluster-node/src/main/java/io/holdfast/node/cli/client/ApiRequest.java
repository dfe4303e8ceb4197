package io.holdfast.node.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// One call of the API.
///
/// @param path below the API's base path, beginning with a slash, already encoded
/// @param body a null node for none
/// @param headers beside those that every call has
public record ApiRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        JsonNode body,
        Map<String, String> headers) {
    /// Where the API begins.
    public static final String BASE_PATH = "/v1";

    /// Where the gateway answers for applications.
    private static final String APPLICATIONS_PATH = "/apps/";

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /// What stands outside of it.
    private static final Set<String> PROBES = Set.of("/readyz", "/healthz", "/metrics");

    public ApiRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    public static ApiRequest get(String path) {
        return of("GET", path);
    }

    public static ApiRequest post(String path) {
        return of("POST", path);
    }

    public static ApiRequest post(String path, JsonNode body) {
        return of("POST", path).withBody(body);
    }

    public static ApiRequest put(String path, JsonNode body) {
        return of("PUT", path).withBody(body);
    }

    public static ApiRequest patch(String path, JsonNode body) {
        return of("PATCH", path).withBody(body);
    }

    public static ApiRequest delete(String path) {
        return of("DELETE", path);
    }

    public ApiRequest withQuery(String name, String value) {
        return withQuery(name, List.of(value));
    }

    public ApiRequest withQuery(String name, List<String> values) {
        Map<String, List<String>> changed = new LinkedHashMap<>(query);
        changed.put(name, List.copyOf(values));
        return new ApiRequest(method, path, changed, body, headers);
    }

    /// The same change however often it is sent, at whichever node.
    public ApiRequest withIdempotencyKey(String key) {
        return withHeader(IDEMPOTENCY_KEY, key);
    }

    public ApiRequest withHeader(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return new ApiRequest(method, path, query, body, changed);
    }

    /// A name as one segment of a path.
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    boolean isReading() {
        return method.equals("GET");
    }

    /// The path with base and query.
    public String target() {
        String text = query.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> entry.getValue().stream()
                        .map(value -> segment(entry.getKey()) + "=" + segment(value)))
                .collect(Collectors.joining("&"));
        boolean isOutside = PROBES.contains(path) || path.startsWith(APPLICATIONS_PATH);
        String full = isOutside ? path : BASE_PATH + path;
        return text.isEmpty() ? full : full + "?" + text;
    }

    private static ApiRequest of(String method, String path) {
        return new ApiRequest(method, path, Map.of(), JsonNodeFactory.instance.nullNode(), Map.of());
    }

    private ApiRequest withBody(JsonNode changed) {
        return new ApiRequest(method, path, query, changed, headers);
    }
}
