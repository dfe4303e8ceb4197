package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.INVALID;
import static io.holdfast.hostio.image.ImageException.Kind.NOT_FOUND;
import static io.holdfast.hostio.image.ImageException.Kind.UNAUTHORIZED;
import static io.holdfast.hostio.image.ImageException.Kind.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Calls to one repository of a registry: with a bearer token where the registry asks for one, and through
/// redirections, to which no credential is taken along. Confined to its user.
final class RegistryCalls implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);
    private static final int REDIRECTION_COUNT_MAX = 5;
    private static final int TOKEN_BYTES_MAX = 1 << 20;
    private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z]+)=\"([^\"]*)\"");

    private final ImageReference.Registry reference;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_WITHIN)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private Optional<String> token = Optional.empty();

    /// What a call brought.
    record Answer(HttpResponse<InputStream> response) implements AutoCloseable {
        InputStream body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        boolean isPartial() {
            return response.statusCode() == 206;
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException broken) {
                // It was to end, and has.
                return;
            }
        }
    }

    RegistryCalls(ImageReference.Registry reference) {
        this.reference = reference;
    }

    /// Asks for something below the repository.
    ///
    /// @param offset of the first byte wanted
    /// @throws ImageException if the registry refuses
    Answer get(String path, String accepted, long offset) throws IOException {
        URI uri = URI.create((reference.isPlain() ? "http" : "https") + "://" + reference.host() + "/v2/"
                + reference.repository() + "/" + path);
        Answer answer = follow(uri, accepted, offset);
        if (answer.response().statusCode() == 401 && token.isEmpty()) {
            answer.close();
            token = Optional.of(askForToken(answer.header("WWW-Authenticate")));
            answer = follow(uri, accepted, offset);
        }
        int status = answer.response().statusCode();
        if (status == 200 || status == 206) {
            return answer;
        }
        answer.close();
        throw new ImageException(
                switch (status) {
                    case 404 -> NOT_FOUND;
                    case 401, 403 -> UNAUTHORIZED;
                    case 400, 405, 406, 416 -> INVALID;
                    default -> UNAVAILABLE;
                },
                "the registry refused: image=" + reference + " what=" + path + " status=" + status);
    }

    private Answer follow(URI begin, String accepted, long offset) throws IOException {
        URI uri = begin;
        for (int count = 0; count <= REDIRECTION_COUNT_MAX; count++) {
            HttpRequest.Builder request = request(uri).header("Accept", accepted);
            boolean isRegistry = begin.getAuthority().equals(uri.getAuthority());
            if (isRegistry) {
                token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
            }
            if (offset > 0) {
                request.header("Range", "bytes=" + offset + "-");
            }
            Answer answer = send(request.build());
            int status = answer.response().statusCode();
            boolean isRedirection = status >= 301 && status <= 308 && status != 304;
            if (!isRedirection) {
                return answer;
            }
            answer.close();
            uri = redirected(uri, answer.header("Location"));
        }
        throw new ImageException(INVALID, "redirected to no end: image=" + reference);
    }

    /// Without TLS only where it was without TLS before.
    private URI redirected(URI from, String location) throws ImageException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException malformed) {
            throw new ImageException(INVALID, "redirected to nowhere: location=" + location, malformed);
        }
        requireAllowed(to);
        return to;
    }

    private void requireAllowed(URI uri) throws ImageException {
        boolean isAllowed = "https".equals(uri.getScheme())
                || (reference.isPlain() && "http".equals(uri.getScheme()));
        if (!isAllowed || uri.getHost() == null) {
            throw new ImageException(INVALID, "the registry leads out of TLS: uri=" + uri);
        }
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN).header("User-Agent", "holdfast").GET();
    }

    private Answer send(HttpRequest request) throws IOException {
        try {
            return new Answer(client.send(
                    request, _ -> new PatientBody(SILENCE_MAX)));
        } catch (IOException failure) {
            throw new ImageException(UNAVAILABLE, "the registry does not answer: uri=" + request.uri()
                    + " reason=" + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ImageException(UNAVAILABLE, "interrupted: uri=" + request.uri(), interrupted);
        }
    }

    /// As the registry's challenge says (distribution specification, token authentication).
    private String askForToken(String challenge) throws IOException {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2));
        }
        String realm = parameters.getOrDefault("realm", "");
        if (!challenge.regionMatches(true, 0, "Bearer ", 0, 7) || realm.isEmpty()) {
            throw new ImageException(UNAUTHORIZED, "the registry wants a credential: image=" + reference);
        }
        URI uri = URI.create(realm + (realm.contains("?") ? "&" : "?")
                + "service=" + encoded(parameters.getOrDefault("service", ""))
                + "&scope=" + encoded("repository:" + reference.repository() + ":pull"));
        requireAllowed(uri);
        try (Answer answer = send(request(uri).build())) {
            if (answer.response().statusCode() != 200) {
                throw new ImageException(UNAUTHORIZED, "no token for this image: image=" + reference
                        + " status=" + answer.response().statusCode());
            }
            JsonNode document = Documents.parse(answer.body().readNBytes(TOKEN_BYTES_MAX), "token");
            String text = document.path("token").asText(document.path("access_token").asText());
            if (text.isEmpty() || !text.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
                throw new ImageException(INVALID, "the registry gave no token: image=" + reference);
            }
            return text;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
