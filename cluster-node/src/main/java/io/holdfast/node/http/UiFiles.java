package io.holdfast.node.http;

import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.opsui.OpsUi;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The web UI's files, out of the class path and kept in memory. Concurrent; grows up to the files
/// there are.
final class UiFiles {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final String INDEX = "index.html";
    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html; charset=utf-8"),
                    Map.entry("js", "text/javascript; charset=utf-8"),
                    Map.entry("mjs", "text/javascript; charset=utf-8"),
                    Map.entry("css", "text/css; charset=utf-8"),
                    Map.entry("json", "application/json"),
                    Map.entry("webmanifest", "application/manifest+json"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("txt", "text/plain; charset=utf-8"));

    private final Map<String, ApiReply> files = new ConcurrentHashMap<>();

    /// The file at the path below `/ui/`; a path that names no file is a place within the UI, which
    /// `index.html` shows.
    ApiReply find(List<String> segments, @Nullable String ifNoneMatch) {
        for (String segment : segments) {
            if (!segment.isEmpty() && !NAME.matcher(segment).matches()) {
                throw Problem.notFound("the UI has no such file").exception();
            }
        }
        String path = String.join("/", segments);
        String last = segments.isEmpty() ? "" : segments.getLast();
        ApiReply file = load(last.contains(".") ? path : INDEX);
        if (file == null) {
            throw Problem.notFound("the UI has no such file").exception();
        }
        return Objects.equals(file.headers().get("ETag"), ifNoneMatch)
                ? new ApiReply(304, file.headers(), Buffer.buffer())
                : file;
    }

    private @Nullable ApiReply load(String path) {
        ApiReply known = files.get(path);
        if (known != null) {
            return known;
        }
        try (InputStream stream =
                OpsUi.class
                        .getClassLoader()
                        .getResourceAsStream(OpsUi.RESOURCE_ROOT + "/" + path)) {
            if (stream == null) {
                return null;
            }
            byte[] bytes = stream.readAllBytes();
            String type =
                    TYPES.getOrDefault(
                            path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
            ApiReply file =
                    ApiReply.of(200, type, Buffer.buffer(bytes))
                            .with("ETag", '"' + hash(bytes) + '"')
                            .with("Cache-Control", "no-cache")
                            .with("Content-Security-Policy", HttpReplies.UI_POLICY);
            files.put(path, file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("a file of the UI cannot be read: path=" + path, e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
