package io.holdfast.node.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// One call of the API.
///
/// @param path below the API's base path, beginning with a slash, already encoded
/// @param body a null node for none
/// @param headers beside those that every call has
public record ApiRequest(
        String method, String path, Map<String, String> query, JsonNode body, Map<String, String> headers) {
    /// Where the API begins.
    public static final String BASE_PATH = "/v1";

    /// What stands outside of it.
    private static final Set<String> PROBES = Set.of("/readyz", "/healthz", "/metrics");

    public ApiRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    public static ApiRequest get(String path) {
        return of("GET", path);
    }

    public static ApiRequest post(String path, JsonNode body) {
        return of("POST", path).withBody(body);
    }

    public static ApiRequest put(String path, JsonNode body) {
        return of("PUT", path).withBody(body);
    }

    public static ApiRequest delete(String path) {
        return of("DELETE", path);
    }

    public ApiRequest withQuery(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(query);
        changed.put(name, value);
        return new ApiRequest(method, path, changed, body, headers);
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
                .map(entry -> segment(entry.getKey()) + "=" + segment(entry.getValue()))
                .collect(Collectors.joining("&"));
        String full = PROBES.contains(path) ? path : BASE_PATH + path;
        return text.isEmpty() ? full : full + "?" + text;
    }

    private static ApiRequest of(String method, String path) {
        return new ApiRequest(method, path, Map.of(), JsonNodeFactory.instance.nullNode(), Map.of());
    }

    private ApiRequest withBody(JsonNode changed) {
        return new ApiRequest(method, path, query, changed, headers);
    }
}
