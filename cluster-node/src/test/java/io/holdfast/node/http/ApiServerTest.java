package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.identity.CertificateAuthority;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.Pem;
import io.holdfast.node.testing.ApiHarness;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.TestCluster;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Timeout(60)
class ApiServerTest {
    private final ApiHarness api = ApiHarness.standard();
    private final String admin = api.node().user("root", Role.ADMIN);

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    @Test
    void healthReadinessAndTheDocumentNeedNoCredential() throws Exception {
        assertEquals(200, api.send(api.request("/healthz")).statusCode());
        assertEquals(200, api.send(api.request("/readyz")).statusCode());
        assertEquals(
                "3.1.0",
                new JsonObject(api.send(api.request("/v1/openapi.json")).body())
                        .getString("openapi"));
        api.node().unready(Optional.of("catching up"));
        HttpResponse<String> unready = api.send(api.request("/readyz"));
        assertEquals(503, unready.statusCode());
        assertProblem("not-ready", unready);
    }

    @Test
    void whatTheDocumentDoesNotDescribeIsRefused() throws Exception {
        assertProblem("no-such-route", api.get("/v1/nothing", admin));
        assertProblem("method-not-allowed", api.call("PUT", "/v1/nodes", admin, new JsonObject()));
        assertProblem("unknown-parameter", api.get("/v1/nodes?colour=red", admin));
        assertProblem("invalid", api.get("/v1/nodes?limit=0", admin));
        assertProblem("invalid", api.get("/v1/nodes?limit=many", admin));
        assertProblem("repeated-parameter", api.get("/v1/nodes?limit=1&limit=2", admin));
        assertProblem("missing-parameter", api.send(api.request("/login")));
        assertProblem("invalid-query", api.get("/v1/nodes?where=colour%3Dred", admin));
        JsonObject user = new JsonObject().put("name", "bob").put("role", "viewer");
        assertProblem("invalid", api.call("POST", "/v1/users", admin, user.copy().put("x", 1)));
        assertProblem(
                "invalid", api.call("POST", "/v1/users", admin, user.copy().put("role", "king")));
        assertProblem(
                "invalid",
                api.call("POST", "/v1/users", admin, new JsonObject().put("name", "bob")));
        assertProblem("unexpected-body", api.call("POST", "/v1/nodes/node-a/drain", admin, user));
        assertProblem(
                "malformed-json",
                api.send(
                        api.request("/v1/users")
                                .header("Authorization", "Bearer " + admin)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{"))));
        assertProblem(
                "unsupported-media-type",
                api.send(
                        api.request("/v1/users")
                                .header("Authorization", "Bearer " + admin)
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))));
        assertProblem(
                "body-too-large",
                api.call(
                        "POST",
                        "/v1/users",
                        admin,
                        new JsonObject().put("name", "x".repeat(2_000_000))));
    }

    @Test
    void aChangeIsConditionalOnTheVersionThatAReadGave() throws Exception {
        HttpResponse<String> made = put("limits/jobs", "7", "If-None-Match", "*");
        assertEquals(200, made.statusCode(), made.body());
        assertProblem("version-mismatch", put("limits/jobs", "8", "If-None-Match", "*"));
        HttpResponse<String> read = api.get("/v1/settings/limits%2Fjobs", admin);
        String tag = read.headers().firstValue("ETag").orElseThrow();
        assertEquals("7", new JsonObject(read.body()).getString("value"));
        assertEquals(200, put("limits/jobs", "8", "If-Match", tag).statusCode());
        assertProblem("version-mismatch", put("limits/jobs", "9", "If-Match", tag));
        assertProblem("invalid-condition", put("limits/jobs", "9", "If-Match", "7"));
        String newest =
                api.get("/v1/settings/limits%2Fjobs", admin)
                        .headers()
                        .firstValue("ETag")
                        .orElseThrow();
        assertEquals(
                304,
                api.send(
                                api.request("/v1/settings/limits%2Fjobs")
                                        .header("Authorization", "Bearer " + admin)
                                        .header("If-None-Match", newest))
                        .statusCode());
    }

    @Test
    void aRepetitionUnderTheSameKeyAppliesOnce() throws Exception {
        HttpRequest.Builder request =
                api.change("PUT", "/v1/settings/a", admin, new JsonObject().put("value", "1"))
                        .header("Idempotency-Key", "k-1");
        HttpResponse<String> first = api.send(request);
        long index = api.node().index().value();
        HttpResponse<String> again = api.send(request);
        assertEquals(first.body(), again.body());
        JsonObject record = new JsonObject(api.get("/v1/settings/a", admin).body());
        assertEquals(new JsonObject(first.body()).getLong("version"), record.getLong("version"));
        assertTrue(api.node().index().value() >= index);
        HttpResponse<String> other =
                api.send(
                        api.change(
                                        "PUT",
                                        "/v1/settings/a",
                                        admin,
                                        new JsonObject().put("value", "2"))
                                .header("Idempotency-Key", "k-1"));
        assertNotEquals(first.body(), other.body());
        HttpRequest.Builder token =
                api.change("POST", "/v1/users/root/tokens", admin, new JsonObject())
                        .header("Idempotency-Key", "k-2");
        assertEquals(201, api.send(token).statusCode());
        assertProblem("already-issued", api.send(token));
    }

    @Test
    void pagesFollowEachOtherByCursor() throws Exception {
        for (int i = 0; i < 25; i++) {
            put("page/" + (char) ('a' + i), Integer.toString(i), "If-None-Match", "*");
        }
        int count = 0;
        String cursor = "";
        do {
            JsonObject page =
                    new JsonObject(
                            api.get("/v1/settings?limit=10&prefix=page%2F" + cursor, admin).body());
            count += page.getJsonArray("items").size();
            cursor =
                    page.containsKey("next")
                            ? "&cursor=" + page.getString("next").replace("/", "%2F")
                            : "";
        } while (!cursor.isEmpty());
        assertEquals(25, count);
        JsonObject large =
                new JsonObject(
                        api.get("/v1/settings?where=sizeBytes%3E%3D2&prefix=page%2F", admin)
                                .body());
        assertEquals(15, large.getJsonArray("items").size());
    }

    @Test
    void readsSayHowFreshTheyAreAndCanDemandMore() throws Exception {
        HttpResponse<String> written = put("fresh", "1", "If-None-Match", "*");
        String index = written.headers().firstValue("Holdfast-Index").orElseThrow();
        for (String level : List.of("local", "linearizable")) {
            HttpResponse<String> read = api.get("/v1/settings/fresh?consistency=" + level, admin);
            assertEquals("false", read.headers().firstValue("Holdfast-Stale").orElseThrow());
            assertTrue(
                    Long.parseLong(read.headers().firstValue("Holdfast-Index").orElseThrow())
                            >= Long.parseLong(index));
        }
        assertProblem("index-missing", api.get("/v1/settings/fresh?consistency=session", admin));
        assertEquals(
                200,
                api.send(
                                api.request("/v1/settings/fresh?consistency=session")
                                        .header("Authorization", "Bearer " + admin)
                                        .header("Holdfast-Index", index))
                        .statusCode());
        HttpResponse<String> tooNew =
                api.send(
                        api.request("/v1/settings/fresh?consistency=session")
                                .header("Authorization", "Bearer " + admin)
                                .header("Holdfast-Timeout-Millis", "100")
                                .header("Holdfast-Index", "999999"));
        assertProblem("unavailable", tooNew);
        api.node().log().reachMajority(false);
        assertProblem("unavailable", api.get("/v1/settings/fresh?consistency=linearizable", admin));
        assertEquals(200, api.get("/v1/settings/fresh", admin).statusCode());
    }

    @Test
    void aRevokedTokenIsRefusedAtTheNextCall() throws Exception {
        JsonObject made =
                new JsonObject(
                        api.call("POST", "/v1/users/root/tokens", admin, new JsonObject()).body());
        String token = made.getString("token");
        assertEquals(200, api.get("/v1/whoami", token).statusCode());
        assertEquals(
                200,
                api.send(
                                api.request("/v1/users/root/tokens/" + made.getString("id"))
                                        .header("Authorization", "Bearer " + admin)
                                        .DELETE())
                        .statusCode());
        assertProblem("unauthenticated", api.get("/v1/whoami", token));
        String shortLived = api.node().token("root", Instant.now().plusMillis(300));
        Await.until("expired", () -> statusOf(shortLived) == 401);
        assertTrue(api.server().refusedCount() >= 2);
    }

    @Test
    void aLoginLinkOpensOneSessionAndChangesNeedTheHeader() throws Exception {
        JsonObject link =
                new JsonObject(api.call("POST", "/v1/login-links", admin, new JsonObject()).body());
        String key = link.getString("path").substring("/login?key=".length());
        assertProblem("unauthenticated", api.get("/v1/whoami", key));
        HttpResponse<String> login = api.send(api.request(link.getString("path")));
        assertEquals(303, login.statusCode(), login.body());
        String set = login.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(
                set.contains("HttpOnly")
                        && set.contains("Secure")
                        && set.contains("SameSite=Strict"),
                set);
        assertProblem("unauthenticated", api.send(api.request(link.getString("path"))));
        String cookie = set.substring(0, set.indexOf(';'));
        assertEquals(
                "cookie",
                new JsonObject(api.send(api.request("/v1/whoami").header("Cookie", cookie)).body())
                        .getString("via"));
        assertProblem(
                "cross-site",
                api.send(
                        api.request("/v1/nodes/node-a/drain")
                                .header("Cookie", cookie)
                                .POST(HttpRequest.BodyPublishers.noBody())));
        HttpRequest.Builder drain =
                api.request("/v1/nodes/node-a/drain")
                        .header("Cookie", cookie)
                        .header("Holdfast-Csrf", "1");
        assertProblem(
                "cross-site",
                api.send(
                        drain.copy()
                                .header("Origin", "https://evil.example")
                                .POST(HttpRequest.BodyPublishers.noBody())));
        assertEquals(200, api.send(drain.POST(HttpRequest.BodyPublishers.noBody())).statusCode());
        assertEquals(
                204,
                api.send(
                                api.request("/v1/logout")
                                        .header("Cookie", cookie)
                                        .header("Holdfast-Csrf", "1")
                                        .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode());
        assertProblem(
                "unauthenticated", api.send(api.request("/v1/whoami").header("Cookie", cookie)));
    }

    @Test
    void badCertificatesAreRefusedInTheHandshakeAndGoodOnesIdentify() throws Exception {
        CertificateAuthority own =
                CertificateAuthority.create("home", Instant::now, new SecureRandom());
        NodeIdentity selfSigned =
                new NodeIdentity(
                        Pem.key(own.keyPem()), own.certificate(), List.of(own.certificate()));
        api.evict("node-x");
        for (NodeIdentity bad :
                List.of(
                        selfSigned,
                        ApiHarness.CLUSTER
                                .at(Instant.now().minus(Duration.ofDays(31)))
                                .node("node-b"),
                        TestCluster.now("home").node("node-b"),
                        ApiHarness.CLUSTER.node("node-x"))) {
            HttpClient client = api.client(bad);
            assertThrows(
                    IOException.class,
                    () ->
                            client.send(
                                    api.request("/healthz").build(),
                                    HttpResponse.BodyHandlers.ofString()));
            client.close();
        }
        assertEquals("node/node-b", whoami(ApiHarness.CLUSTER.node("node-b")).getString("actor"));
        assertEquals("user/root", whoami(ApiHarness.CLUSTER.user("root")).getString("actor"));
    }

    @Test
    void aConnectionOfANodeThatIsEvictedMeanwhileIsRefused() throws Exception {
        HttpClient client = api.client(ApiHarness.CLUSTER.node("node-b"));
        assertEquals(
                200,
                client.send(api.request("/v1/whoami").build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        api.evict("node-b");
        Await.until(
                "refused",
                () -> {
                    try {
                        return client.send(
                                                api.request("/v1/whoami").build(),
                                                HttpResponse.BodyHandlers.ofString())
                                        .statusCode()
                                == 403;
                    } catch (IOException | InterruptedException e) {
                        return true;
                    }
                });
        client.close();
    }

    @Test
    void theUiIsServedWithAStrictPolicy() throws Exception {
        assertEquals(
                "/ui/", api.send(api.request("/")).headers().firstValue("Location").orElseThrow());
        HttpResponse<String> index = api.send(api.request("/ui/"));
        assertEquals(200, index.statusCode());
        String policy = index.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.contains("script-src 'self'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertProblem("not-found", api.send(api.request("/ui/none.js")));
        assertProblem("not-found", api.send(api.request("/ui/..%2f..%2fopenapi.json")));
    }

    @Test
    void aBrowserKeepsTheUisScriptForGoodAndAsksForThePageEachTime() throws Exception {
        HttpResponse<String> index = api.send(api.request("/ui/"));
        assertEquals("no-cache", index.headers().firstValue("Cache-Control").orElseThrow());
        String script = index.body().replaceAll("(?s).*src=\"([^\"]+)\".*", "$1");
        HttpResponse<String> plain = api.send(api.request(script));
        assertTrue(plain.headers().firstValue("Cache-Control").orElseThrow().contains("immutable"), script);
        HttpResponse<String> zipped = api.send(api.request(script).header("Accept-Encoding", "br, gzip"));
        assertEquals("gzip", zipped.headers().firstValue("Content-Encoding").orElseThrow());
        long length = zipped.headers().firstValueAsLong("Content-Length").orElseThrow();
        assertTrue(2 * length < plain.body().length(), "length=" + length);
        String tag = index.headers().firstValue("ETag").orElseThrow();
        assertEquals(304, api.send(api.request("/ui/").header("If-None-Match", tag)).statusCode());
    }

    @Test
    void oneCallTellsWhatPagesBeginWith() throws Exception {
        JsonObject overview = new JsonObject(api.get("/v1/overview", admin).body());
        JsonObject node = overview.getJsonArray("nodes").getJsonObject(0);
        assertEquals("node-a", node.getString("name"));
        assertFalse(node.getJsonObject("report").containsKey("links"), "ten thousand among a hundred nodes");
        assertEquals(0, node.getJsonObject("report").getInteger("linkCount"));
        assertEquals(0, overview.getJsonObject("ways").getInteger("brokenCount"));
        assertEquals(2, overview.getJsonObject("storage").getJsonObject("atRisk").getInteger("chunks"));
        assertTrue(overview.getJsonObject("troubles").getBoolean("isComplete"));
    }

    @Test
    void theStatusOfOneNodeTellsOfNoOther() throws Exception {
        JsonObject one = new JsonObject(api.get("/v1/status?node=node-a", admin).body());
        assertTrue(one.getJsonArray("nodes").getJsonObject(0).getJsonObject("report").containsKey("links"));
        JsonObject none = new JsonObject(api.get("/v1/status?node=node-b", admin).body());
        assertTrue(none.getJsonArray("nodes").isEmpty());
    }

    @Test
    void theStatusShowsNodesLeaderAndStateMachines() throws Exception {
        JsonObject status = new JsonObject(api.get("/v1/status", admin).body());
        assertEquals("n1", status.getString("leader"));
        JsonObject node = status.getJsonArray("nodes").getJsonObject(0);
        assertEquals("node-a", node.getString("name"));
        assertEquals("joined", node.getString("state"));
        JsonObject machine = node.getJsonObject("report").getJsonArray("machines").getJsonObject(0);
        assertEquals("caught up", machine.getString("reason"));
    }

    private int statusOf(String token) {
        try {
            return api.get("/v1/whoami", token).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private JsonObject whoami(NodeIdentity identity) throws IOException, InterruptedException {
        try (HttpClient client = api.client(identity)) {
            return new JsonObject(
                    client.send(
                                    api.request("/v1/whoami").build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }

    private HttpResponse<String> put(String name, String value, String header, String condition)
            throws IOException, InterruptedException {
        return api.send(
                api.change(
                                "PUT",
                                "/v1/settings/" + name.replace("/", "%2F"),
                                admin,
                                new JsonObject().put("value", value))
                        .header(header, condition));
    }

    private static void assertProblem(String code, HttpResponse<String> response) {
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
        JsonObject problem = new JsonObject(response.body());
        assertEquals(code, problem.getString("code"), response.body());
        assertEquals(response.statusCode(), problem.getInteger("status"));
        for (String member : List.of("type", "title", "detail", "requestId")) {
            assertTrue(problem.containsKey(member), member);
        }
    }
}
