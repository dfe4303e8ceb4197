package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.holdfast.gridstate.access.Role;
import io.holdfast.node.http.oidc.OidcSettings;
import io.holdfast.node.http.oidc.OidcSignOn;
import io.holdfast.node.testing.ApiHarness;
import io.holdfast.node.testing.FakeProvider;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// People log in at a provider of identities that really signs; browsers are played by hand.
@Timeout(120)
final class SignOnTest {
    private static final String SESSION = "__Host-holdfast=";

    private FakeProvider provider;
    private ApiHarness harness;

    @BeforeEach
    void start() throws IOException {
        provider = new FakeProvider();
        provider.person("alice", "staff", "ops");
        harness = ApiHarness.signingOn(origin -> new OidcSignOn(settings(origin), System::nanoTime));
    }

    @AfterEach
    void stop() {
        harness.close();
        provider.close();
    }

    private OidcSettings settings(URI origin) {
        return provider.settings(origin.resolve("/login/oidc/callback"));
    }

    /// A browser on its way through a login.
    ///
    /// @param attempt the cookie that it keeps meanwhile
    /// @param callback where the provider sends it back
    private record Way(String attempt, String callback) {}

    private Way toProvider() throws IOException, InterruptedException {
        HttpResponse<String> begun = harness.send(harness.request("/login/oidc"));
        assertEquals(303, begun.statusCode());
        String attempt = cookie(begun);
        assertTrue(begun.headers().firstValue("Set-Cookie").orElseThrow().endsWith(
                "Secure; HttpOnly; SameSite=Lax"));
        String location = begun.headers().firstValue("Location").orElseThrow();
        assertTrue(location.startsWith(provider.issuer() + "/authorize?realm=home&response_type=code&"));
        URI back = provider.follow(URI.create(location));
        return new Way(attempt, back.getRawPath() + "?" + back.getRawQuery());
    }

    private static String cookie(HttpResponse<String> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    private HttpResponse<String> comeBack(String attempt, String callback)
            throws IOException, InterruptedException {
        return harness.send(harness.request(callback).header("Cookie", attempt));
    }

    private HttpResponse<String> logIn() throws IOException, InterruptedException {
        Way way = toProvider();
        return comeBack(way.attempt(), way.callback());
    }

    private void assertRefused(String reason, HttpResponse<String> answer) {
        assertEquals(303, answer.statusCode());
        assertEquals("/ui/#/login?failed=" + reason, answer.headers().firstValue("Location").orElseThrow());
        assertFalse(answer.headers().firstValue("Set-Cookie").isPresent(), "no session");
    }

    private JsonObject whoami(String session) throws IOException, InterruptedException {
        HttpResponse<String> answer = harness.send(harness.request("/v1/whoami").header("Cookie", session));
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    @Test
    void whoeverComesBackFromTheProviderHasASessionWithTheRoleOfTheirGroup() throws Exception {
        HttpResponse<String> answer = logIn();

        assertEquals("/ui/", answer.headers().firstValue("Location").orElseThrow());
        String session = cookie(answer);
        assertTrue(session.startsWith(SESSION));
        assertTrue(answer.headers().firstValue("Set-Cookie").orElseThrow().endsWith(
                "Secure; HttpOnly; SameSite=Strict"));
        assertEquals("oidc.alice", whoami(session).getString("name"));
        assertEquals("operator", whoami(session).getString("role"));
    }

    @Test
    void theRoleFollowsTheGroupsAtEachLogin() throws Exception {
        String before = cookie(logIn());
        provider.person("alice", "look");
        String after = cookie(logIn());

        assertEquals("viewer", whoami(after).getString("role"));
        assertEquals("viewer", whoami(before).getString("role"), "in sessions from before too");
        provider.person("alice", "look", "root");
        assertEquals("admin", whoami(cookie(logIn())).getString("role"), "the highest counts");
    }

    @Test
    void whoHasNoGroupThatCountsIsRefused() throws Exception {
        provider.person("mallory", "guests");
        assertRefused("no-role", logIn());
    }

    @Test
    void nobodyAtTheProviderBecomesAUserThatWasMadeHere() throws Exception {
        String token = harness.node().user("root", Role.ADMIN);
        provider.person("root", "look");

        assertEquals("oidc.root", whoami(cookie(logIn())).getString("name"));
        assertTrue(harness.get("/v1/whoami", token).body().contains("\"admin\""));
    }

    @Test
    void aNameThatIsNoUsersNameIsRefused() throws Exception {
        for (String name : List.of("<img src=x>", "Alice B", "a/b", "x".repeat(80), "")) {
            provider.person(name, "ops");
            assertRefused("invalid", logIn());
        }
    }

    @Test
    void anAttemptOpensOneSession() throws Exception {
        Way way = toProvider();
        assertEquals(SESSION, cookie(comeBack(way.attempt(), way.callback())).substring(0, SESSION.length()));
        assertRefused("unavailable", comeBack(way.attempt(), way.callback()));
    }

    @Test
    void anotherBrowsersWayBackIsRefused() throws Exception {
        Way mine = toProvider();
        Way theirs = toProvider();
        assertRefused("invalid", comeBack(mine.attempt(), theirs.callback()));
        assertRefused("invalid", harness.send(harness.request(theirs.callback())));
        assertRefused("invalid", comeBack("__Host-holdfast-attempt=a.b.c", theirs.callback()));
    }

    @Test
    void aCodeOfAnotherAttemptIsRefused() throws Exception {
        Way mine = toProvider();
        String theirs = toProvider().callback().replaceFirst(".*[?&]code=([^&]*).*", "$1");
        assertRefused("unavailable", comeBack(
                mine.attempt(), mine.callback().replaceFirst("code=[^&]*", "code=" + theirs)));
    }

    @Test
    void anotherProvidersWayBackIsRefused() throws Exception {
        Way way = toProvider();
        assertRefused("invalid", comeBack(
                way.attempt(), way.callback().replaceFirst("iss=[^&]*", "iss=https%3A%2F%2Fevil.example")));
        assertRefused("invalid", comeBack(way.attempt(), way.callback().replaceFirst("&iss=[^&]*", "")));
    }

    @Test
    void whoIsDeniedThereIsToldSo() throws Exception {
        Way way = toProvider();
        assertRefused("denied", comeBack(
                way.attempt(), way.callback().replaceFirst("code=[^&]*", "error=access_denied")));
    }

    @Test
    void aTokenByAnotherKeyIsRefused() throws Exception {
        RSAKey other = FakeProvider.newKey();
        provider.sign(claims -> FakeProvider.signed(claims, other, provider.key().getKeyID()));
        assertRefused("invalid", logIn());
        provider.sign(claims -> FakeProvider.signed(claims, other, other.getKeyID()));
        assertRefused("invalid", logIn());
    }

    @Test
    void aTokenWithoutASignatureIsRefused() throws Exception {
        provider.sign(claims -> new PlainJWT(claims).serialize());
        assertRefused("invalid", logIn());
    }

    @Test
    void aTokenSignedWithThePublicKeyAsASecretIsRefused() throws Exception {
        provider.sign(claims -> {
            try {
                SignedJWT token = new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(provider.key().getKeyID()).build(),
                        claims);
                token.sign(new MACSigner(provider.key().toPublicKey().getEncoded()));
                return token.serialize();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        });
        assertRefused("invalid", logIn());
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        provider.spoil(claims -> claims.expirationTime(
                Date.from(Instant.now().minus(Duration.ofMinutes(2)))));
        assertRefused("invalid", logIn());
    }

    @Test
    void aTokenForAnotherClientIsRefused() throws Exception {
        provider.spoil(claims -> claims.audience("another"));
        assertRefused("invalid", logIn());
        provider.spoil(claims -> claims.audience(List.of(FakeProvider.CLIENT, "another")));
        assertRefused("invalid", logIn());
        provider.spoil(claims -> claims.claim("azp", "another"));
        assertRefused("invalid", logIn());
    }

    @Test
    void aTokenOfAnotherIssuerIsRefused() throws Exception {
        provider.spoil(claims -> claims.issuer("https://evil.example"));
        assertRefused("invalid", logIn());
    }

    @Test
    void aTokenOfAnEarlierLoginIsRefused() throws Exception {
        AtomicReference<String> first = new AtomicReference<>("");
        provider.sign(claims -> first.updateAndGet(
                before -> before.isEmpty() ? provider.signed(claims) : before));
        assertEquals("/ui/", logIn().headers().firstValue("Location").orElseThrow());
        assertRefused("invalid", logIn());
    }

    @Test
    void aTokenWithoutWhatItMustSayIsRefused() throws Exception {
        for (String missing : List.of("sub", "iat", "nonce", "preferred_username")) {
            provider.person("alice", "ops");
            provider.spoil(claims -> claims.claim(missing, null));
            assertRefused("invalid", logIn());
        }
        provider.person("alice", "ops");
        provider.spoil(claims -> claims.expirationTime(null));
        assertRefused("invalid", logIn());
    }

    @Test
    void rubbishInsteadOfATokenIsRefused() throws Exception {
        for (String rubbish : List.of("", "x", "a.b.c", "e30.e30.e30", "<script>")) {
            provider.sign(_ -> rubbish);
            assertRefused("invalid", logIn());
        }
    }

    @Test
    void aNewKeyOfTheProviderIsFetched() throws Exception {
        logIn();
        int requests = provider.keyRequests();
        logIn();
        assertEquals(requests, provider.keyRequests(), "keys are kept");
        provider.rotateKey();
        assertEquals("/ui/", logIn().headers().firstValue("Location").orElseThrow());
    }

    @Test
    void whileTheProviderIsDownPeopleAreToldAndTokensStillOpen() throws Exception {
        provider.goDown(true);
        assertRefused("unavailable", harness.send(harness.request("/login/oidc")));
        String token = harness.node().user("bob", Role.VIEWER);
        assertEquals(200, harness.get("/v1/whoami", token).statusCode());
    }

    @Test
    void theLoginPageLearnsWhereOneLogsIn() throws Exception {
        assertEquals("{\"provider\":\"127.0.0.1\"}",
                harness.send(harness.request("/login/options")).body());
        try (ApiHarness without = ApiHarness.standard()) {
            assertEquals("{}", without.send(without.request("/login/options")).body());
            assertRefused("unavailable", without.send(without.request("/login/oidc")));
        }
    }
}
