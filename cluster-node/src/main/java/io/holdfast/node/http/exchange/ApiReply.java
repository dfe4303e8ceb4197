package io.holdfast.node.http.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.Map;

/// What goes back to the caller. Immutable.
///
/// @param status the HTTP status
/// @param headers besides those that every reply has
/// @param body empty for none
public record ApiReply(int status, Map<String, String> headers, Buffer body) {
    public ApiReply {
        headers = Map.copyOf(headers);
    }

    public static ApiReply ok(JsonObject body) {
        return json(200, body);
    }

    public static ApiReply json(int status, JsonObject body) {
        return of(status, "application/json", body.toBuffer());
    }

    public static ApiReply of(int status, String contentType, Buffer body) {
        return new ApiReply(status, Map.of("Content-Type", contentType), body);
    }

    public static ApiReply empty(int status) {
        return new ApiReply(status, Map.of(), Buffer.buffer());
    }

    public static ApiReply redirect(String location) {
        return empty(303).with("Location", location);
    }

    public ApiReply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiReply(status, more, body);
    }

    /// Carries the version of the record that it is about, for If-Match.
    public ApiReply withVersion(long version) {
        return with("ETag", '"' + Long.toString(version) + '"');
    }

    /// Carries the ledger index that it reflects, for `consistency=session`.
    public ApiReply withIndex(long index) {
        return with(ApiHeaders.INDEX, Long.toString(index));
    }
}
