package io.holdfast.node.http;

import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.opsui.OpsUi;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The web UI's files, out of the class path and kept in memory, compressed where that saves something; the
/// few who take nothing compressed get them unpacked anew.
/// The bundle's script and sheet are kept by browsers for good, as their names change with what they hold;
/// whatever else there is, is asked for anew each time and mostly answered with 304. Concurrent; grows up to
/// the files there are.
final class UiFiles {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final String INDEX = "index.html";
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final String EACH_TIME = "no-cache";
    private static final Pattern ZIPPED =
            Pattern.compile("(?i)\\bgzip\\b(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))");
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

    private final Map<String, Kept> files = new ConcurrentHashMap<>();

    /// A file in the form that is kept.
    ///
    /// @param plainHeaders what is said of it where it is unpacked
    private record Kept(ApiReply reply, boolean isZipped, Map<String, String> plainHeaders) {
        private ApiReply plain() {
            return isZipped
                    ? new ApiReply(
                            200, plainHeaders, Buffer.buffer(unzipped(reply.body().getBytes())))
                    : reply;
        }
    }

    /// The file at the path below `/ui/`; a path that names no file is a place within the UI, which
    /// `index.html` shows.
    ///
    /// @param header the request's headers by name
    ApiReply find(List<String> segments, Function<String, @Nullable String> header) {
        for (String segment : segments) {
            if (!segment.isEmpty() && !NAME.matcher(segment).matches()) {
                throw Problem.notFound("the UI has no such file").exception();
            }
        }
        String path = String.join("/", segments);
        String last = segments.isEmpty() ? "" : segments.getLast();
        Kept file = load(last.contains(".") ? path : INDEX);
        if (file == null) {
            throw Problem.notFound("the UI has no such file").exception();
        }
        String accepted = header.apply("Accept-Encoding");
        ApiReply reply =
                accepted != null && ZIPPED.matcher(accepted).find() ? file.reply() : file.plain();
        return Objects.equals(reply.headers().get("ETag"), header.apply("If-None-Match"))
                ? new ApiReply(304, reply.headers(), Buffer.buffer())
                : reply;
    }

    private @Nullable Kept load(String path) {
        Kept known = files.get(path);
        if (known != null) {
            return known;
        }
        byte[] bundled = read(OpsUi.BUNDLE_ROOT, path);
        if (bundled != null) {
            return keep(path, bundled, path.equals(INDEX) ? EACH_TIME : FOR_GOOD);
        }
        byte[] bytes = read(OpsUi.RESOURCE_ROOT, path);
        return bytes == null ? null : keep(path, bytes, EACH_TIME);
    }

    private static byte @Nullable [] read(String root, String path) {
        try (InputStream stream = OpsUi.class.getClassLoader().getResourceAsStream(root + "/" + path)) {
            return stream == null ? null : stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("a file of the UI cannot be read: path=" + path, e);
        }
    }

    private Kept keep(String path, byte[] bytes, String howLong) {
        String type =
                TYPES.getOrDefault(
                        path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
        ApiReply head =
                ApiReply.of(200, type, Buffer.buffer(bytes))
                        .with("ETag", '"' + hash(bytes) + '"')
                        .with("Cache-Control", howLong)
                        .with("Vary", "Accept-Encoding")
                        .with("Content-Security-Policy", HttpReplies.UI_POLICY);
        byte[] zipped = zipped(bytes);
        Kept kept =
                zipped.length >= bytes.length
                        ? new Kept(head, false, head.headers())
                        : new Kept(
                                new ApiReply(200, head.headers(), Buffer.buffer(zipped))
                                        .with("ETag", '"' + hash(zipped) + '"')
                                        .with("Content-Encoding", "gzip"),
                                true,
                                head.headers());
        files.put(path, kept);
        return kept;
    }

    private static byte[] zipped(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(zipped)) {
            stream.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all bytes", e);
        }
        return zipped.toByteArray();
    }

    private static byte[] unzipped(byte[] zipped) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("it was packed here", e);
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
