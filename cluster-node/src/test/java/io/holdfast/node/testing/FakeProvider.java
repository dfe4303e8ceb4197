package io.holdfast.node.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.holdfast.gridstate.access.Role;
import io.holdfast.node.http.oidc.OidcSettings;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.RotatingKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A small OpenID provider that lets in whoever comes, as the person that the test chose. It checks what a
/// provider checks: client, redirect, PKCE, and that each code is used once. What it signs can be spoilt.
/// Concurrent.
public final class FakeProvider implements AutoCloseable {
    public static final String CLIENT = "holdfast-test";
    public static final String SECRET = "s3cret with spaces & signs";

    private static final int KEY_BITS = 2048;

    private final TestCluster authority = TestCluster.now("provider");
    private final HttpsServer server;
    private final ClusterTls tls;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Map<String, String>> grants = new ConcurrentHashMap<>();
    private final AtomicInteger keyRequests = new AtomicInteger();
    private volatile RSAKey key = newKey();
    private volatile UnaryOperator<JWTClaimsSet.Builder> claims = builder -> builder;
    private volatile Function<JWTClaimsSet, String> signing = this::signed;
    private volatile boolean isDown;

    public FakeProvider() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tls = ClusterTls.of(
                new RotatingKeys(authority.node("provider")),
                new ClusterTrust(List.of(authority.authority().certificate()), Admission.ALL));
        server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
        server.setExecutor(threads);
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, metadata()));
        server.createContext("/keys", exchange -> {
            keyRequests.incrementAndGet();
            answer(exchange, new JWKSet(key.toPublicJWK()).toString());
        });
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.start();
    }

    public URI issuer() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /// How a node logs people in here.
    public OidcSettings settings(URI redirect) {
        return new OidcSettings(
                issuer(),
                new OidcSettings.Client(CLIENT, Optional.of(SECRET), redirect),
                List.of(authority.authority().certificate()),
                List.of("openid", "profile"),
                new OidcSettings.UserRule("preferred_username", "oidc.", "realm.groups",
                        Map.of("ops", Role.OPERATOR, "root", Role.ADMIN, "look", Role.VIEWER)));
    }

    /// Where a browser is sent to that goes to an address here.
    public URI follow(URI address) throws IOException, InterruptedException {
        try (HttpClient browser = HttpClient.newBuilder().sslContext(tls.context()).build()) {
            HttpRequest request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
            HttpResponse<Void> answer = browser.send(request, HttpResponse.BodyHandlers.discarding());
            return URI.create(answer.headers().firstValue("Location").orElseThrow());
        }
    }

    /// Who comes next, with these groups.
    public void person(String name, String... groups) {
        claims = builder -> builder.claim("preferred_username", name)
                .claim("realm", Map.of("groups", List.of(groups)));
    }

    /// Changes claims of the next tokens, on top of the person's.
    public void spoil(UnaryOperator<JWTClaimsSet.Builder> change) {
        UnaryOperator<JWTClaimsSet.Builder> before = claims;
        claims = builder -> change.apply(before.apply(builder));
    }

    /// Makes the next tokens in another way.
    public void sign(Function<JWTClaimsSet, String> otherSigning) {
        signing = otherSigning;
    }

    /// Signs with another key from now on, which it publishes.
    public void rotateKey() {
        key = newKey();
    }

    public RSAKey key() {
        return key;
    }

    public int keyRequests() {
        return keyRequests.get();
    }

    public void goDown(boolean down) {
        isDown = down;
    }

    public static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(KEY_BITS).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A token by the key that is published.
    public String signed(JWTClaimsSet body) {
        return signed(body, key, key.getKeyID());
    }

    public static String signed(JWTClaimsSet body, RSAKey by, String keyId) {
        try {
            SignedJWT token =
                    new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(), body);
            token.sign(new RSASSASigner(by));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String metadata() {
        return new JsonObject()
                .put("issuer", issuer().toString())
                .put("authorization_endpoint", issuer() + "/authorize?realm=home")
                .put("token_endpoint", issuer() + "/token")
                .put("jwks_uri", issuer() + "/keys")
                .put("token_endpoint_auth_methods_supported", new JsonArray().add("client_secret_basic"))
                .put("authorization_response_iss_parameter_supported", true)
                .encode();
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = fields(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        grants.put(code, query);
        exchange.getResponseHeaders().set("Location", query.get("redirect_uri") + "?code=" + code
                + "&state=" + query.get("state") + "&session_state=x&iss="
                + URLEncoder.encode(issuer().toString(), UTF_8));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = fields(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Map<String, String> grant = grants.remove(form.getOrDefault("code", ""));
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        boolean isGood = grant != null
                && basic().equals(shown)
                && "S256".equals(grant.get("code_challenge_method"))
                && challenge(form.getOrDefault("code_verifier", "")).equals(grant.get("code_challenge"))
                && grant.get("redirect_uri").equals(form.get("redirect_uri"));
        if (!isGood) {
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
            return;
        }
        Instant now = Instant.now();
        JWTClaimsSet body = claims.apply(new JWTClaimsSet.Builder()
                        .issuer(issuer().toString())
                        .subject("4711")
                        .audience(CLIENT)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
                        .claim("nonce", grant.get("nonce")))
                .build();
        answer(exchange, new JsonObject()
                .put("token_type", "Bearer")
                .put("access_token", "unused")
                .put("id_token", signing.apply(body))
                .encode());
    }

    private static String basic() {
        String pair = URLEncoder.encode(CLIENT, UTF_8) + ":" + URLEncoder.encode(SECRET, UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(isDown ? 503 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> found = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            found.put(URLDecoder.decode(pair.substring(0, Math.max(0, equals)), UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return found;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
