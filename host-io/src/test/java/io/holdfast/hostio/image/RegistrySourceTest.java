package io.holdfast.hostio.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.hostio.image.ImageException.Kind;
import io.holdfast.hostio.testing.LayerTar;
import io.holdfast.hostio.testing.OciLayout;
import io.holdfast.hostio.testing.OciLayout.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrySourceTest {
    private static final String HERE = Platform.here().architecture();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ImageReader reader = new ImageReader(Platform.here(), 8);

    @TempDir
    private Path directory;

    private OciLayout layout;
    private HttpServer server;
    private HttpServer elsewhere;
    private boolean wantsToken;
    private boolean redirects;
    private int breaksAfterBytes = Integer.MAX_VALUE;
    private boolean knowsRanges = true;

    @BeforeEach
    void open() throws IOException {
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        layout = new OciLayout(directory.resolve("layout"));
        layout.layer(new LayerTar().file("big", content, 0644), Compression.GZIP)
                .image("other", "s390x", Map.of())
                .layer(new LayerTar().file("big", content, 0644), Compression.GZIP)
                .image("mine", HERE, Map.of("Cmd", List.of("/big"), "User", "12:34"))
                .nested("v1");
        server = serve(this::answer);
        elsewhere = serve(this::answerBlob);
    }

    private static HttpServer serve(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.createContext("/", handler);
        made.start();
        return made;
    }

    @AfterEach
    void close() {
        server.stop(0);
        elsewhere.stop(0);
    }

    @Test
    void theImageOfThisPlatformIsPulledAndChecked() throws IOException {
        OciImage image = pull("app/shop:v1");
        assertEquals(List.of("/big"), image.settings().commandOr(List.of()));
        assertEquals("12:34", image.settings().user());
        assertEquals(image, pull("app/shop@" + indexDigest()), "by its digest it is the same");
    }

    @Test
    void aTokenIsFetchedWhereOneIsWantedAndNotTakenElsewhere() throws IOException {
        wantsToken = true;
        redirects = true;
        OciImage _ = pull("app/shop:v1");
        assertTrue(requests.stream().anyMatch(each ->
                each.contains("/token?service=reg&scope=repository%3Aapp%2Fshop%3Apull")),
                        requests.toString());
        assertTrue(requests.stream().anyMatch(each -> each.startsWith("elsewhere /blob")));
        assertFalse(requests.stream()
                .anyMatch(each -> each.startsWith("elsewhere") && each.contains("Bearer")));
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItWas() throws IOException {
        breaksAfterBytes = 100_000;
        OciImage _ = pull("app/shop:v1");
        assertTrue(requests.stream().anyMatch(each -> each.contains("bytes=")), requests.toString());
        knowsRanges = false;
        breaksAfterBytes = 200_000;
        requests.clear();
        assertThrows(IOException.class, () -> pull("app/shop:v1"), "it always breaks off before the end");
    }

    @Test
    void refusalsSayWhatToDo() {
        assertEquals(Kind.NOT_FOUND, kindOf("app/none:v1"));
        assertEquals(Kind.NOT_FOUND, kindOf("app/shop:v2"));
        assertEquals(Kind.UNAUTHORIZED, kindOf("app/private:v1"));
        assertEquals(Kind.UNAVAILABLE, kindOf("app/broken:v1"));
        assertEquals(Kind.INVALID, kindOf("app/forged:v1"));
        assertEquals(Kind.INVALID, kindOf("app/ring:v1"));
        int port = server.getAddress().getPort();
        server.stop(0);
        ImageReference gone = ImageReference.parse("127.0.0.1:" + port + "/app/shop:v1");
        assertEquals(Kind.UNAVAILABLE, assertThrows(ImageException.class, () -> read(gone)).kind());
    }

    private Kind kindOf(String name) {
        return assertThrows(ImageException.class, () -> pull(name), name).kind();
    }

    private OciImage pull(String name) throws IOException {
        return read(ImageReference.parse("127.0.0.1:" + server.getAddress().getPort() + "/" + name));
    }

    private OciImage read(ImageReference reference) throws IOException {
        try (ImageSource source = ImageSources.open(reference)) {
            OciImage image = reader.read(source);
            for (OciImage.Layer layer : image.layers()) {
                try (InputStream bytes = new VerifiedInput(source.open(layer.blob()), layer.blob())) {
                    assertEquals(layer.blob().sizeBytes(), bytes.readAllBytes().length);
                }
            }
            return image;
        }
    }

    private String indexDigest() throws IOException {
        JsonNode index = new ObjectMapper().readTree(layout.folder().resolve("index.json").toFile());
        return index.path("manifests").path(0).path("digest").asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        note("registry", exchange);
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/token")) {
            reply(exchange, 200, "application/json", OciLayout.utf8("{\"token\":\"secret\"}"));
        } else if (path.startsWith("/v2/app/private/")) {
            reply(exchange, 403, "text/plain", new byte[0]);
        } else if (path.startsWith("/v2/app/broken/")) {
            reply(exchange, 503, "text/plain", new byte[0]);
        } else if (path.startsWith("/v2/app/ring/")) {
            exchange.getResponseHeaders().set("Location", path);
            reply(exchange, 307, "text/plain", new byte[0]);
        } else if (path.startsWith("/v2/app/forged/")) {
            reply(exchange, 200, MediaTypes.INDEX, OciLayout.utf8("{\"manifests\":[{\"digest\":7}]}"));
        } else if (!path.startsWith("/v2/app/shop/")) {
            reply(exchange, 404, "text/plain", new byte[0]);
        } else if (wantsToken && exchange.getRequestHeaders().getFirst("Authorization") == null) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:"
                    + server.getAddress().getPort() + "/token\",service=\"reg\"");
            reply(exchange, 401, "text/plain", new byte[0]);
        } else {
            answerShop(exchange, path.substring("/v2/app/shop/".length()));
        }
    }

    private void answerShop(HttpExchange exchange, String path) throws IOException {
        if (path.equals("manifests/v1")) {
            reply(exchange, 200, MediaTypes.INDEX, blob(indexDigest()));
        } else if (path.startsWith("manifests/sha256:")) {
            byte[] bytes = blob(path.substring("manifests/".length()));
            boolean isIndex = path.endsWith(indexDigest());
            reply(exchange, 200, isIndex ? MediaTypes.INDEX : MediaTypes.MANIFEST, bytes);
        } else if (path.startsWith("blobs/") && redirects) {
            exchange.getResponseHeaders()
                    .set("Location", "http://127.0.0.1:" + elsewhere.getAddress().getPort()
                    + "/blob/" + path.substring("blobs/".length()));
            reply(exchange, 307, "text/plain", new byte[0]);
        } else if (path.startsWith("blobs/")) {
            sendBlob(exchange, path.substring("blobs/".length()));
        } else {
            reply(exchange, 404, "text/plain", new byte[0]);
        }
    }

    private void answerBlob(HttpExchange exchange) throws IOException {
        note("elsewhere", exchange);
        sendBlob(exchange, exchange.getRequestURI().getPath().substring("/blob/".length()));
    }

    /// Whole or from an offset on, and cut off if the test wants that.
    private void sendBlob(HttpExchange exchange, String digest) throws IOException {
        byte[] bytes = blob(digest);
        String range = exchange.getRequestHeaders().getFirst("Range");
        int begin = range == null || !knowsRanges
                ? 0
                : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        byte[] part = Arrays.copyOfRange(bytes, begin, bytes.length);
        exchange.sendResponseHeaders(begin > 0 ? 206 : 200, part.length);
        exchange.getResponseBody().write(part, 0, Math.min(part.length, breaksAfterBytes));
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private byte[] blob(String digest) throws IOException {
        return Files.readAllBytes(layout.folder().resolve("blobs").resolve(digest.replace(':', '/')));
    }

    private void note(String where, HttpExchange exchange) {
        List<String> words = new ArrayList<>(List.of(where, exchange.getRequestURI().toString()));
        for (String name : List.of("Authorization", "Range")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                words.add(value);
            }
        }
        requests.add(String.join(" ", words));
    }

    private static void reply(
            HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
