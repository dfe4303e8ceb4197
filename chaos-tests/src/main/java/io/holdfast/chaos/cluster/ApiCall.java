package io.holdfast.chaos.cluster;

import io.holdfast.chaos.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// One call of the API. Immutable.
///
/// @param path with its query, beginning with a slash
/// @param body null value for none
public record ApiCall(String method, String path, Json body, Map<String, String> headers) {
    public ApiCall {
        headers = Map.copyOf(headers);
    }

    public static ApiCall get(String path) {
        return new ApiCall("GET", path, new Json.Null(), Map.of());
    }

    public static ApiCall put(String path, Json body) {
        return new ApiCall("PUT", path, body, Map.of());
    }

    public static ApiCall post(String path, Json body) {
        return new ApiCall("POST", path, body, Map.of());
    }

    public static ApiCall delete(String path) {
        return new ApiCall("DELETE", path, new Json.Null(), Map.of());
    }

    /// The same with one more header.
    public ApiCall with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new ApiCall(method, path, body, more);
    }
}
