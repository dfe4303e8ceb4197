package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.http.contract.ApiContract;
import io.holdfast.node.http.contract.ApiOperation;
import io.holdfast.node.testing.ApiHarness;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class RouteRoleTest {
    private static final ApiContract CONTRACT = ApiContract.ofThisBuild();

    /// The validator knows the meta-schema but not the media types of problems and event streams.
    @Test
    void theDocumentIsValidOpenApi() throws Exception {
        Vertx vertx = Vertx.vertx();
        String document =
                CONTRACT.document()
                        .toString()
                        .replace("application/problem+json", "application/json")
                        .replace("text/event-stream", "text/plain");
        OpenAPIContract parsed =
                OpenAPIContract.from(vertx, new JsonObject(document))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
        assertEquals(CONTRACT.operations().size(), parsed.operations().size());
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    /// Every route x {nobody, viewer, operator, admin, node}: refused exactly where the document
    /// says so. Bodies are left out, so nothing that is let in changes anything it could not change
    /// without one.
    @Test
    void everyRouteLetsInExactlyWhomTheDocumentNames() throws Exception {
        try (ApiHarness api = ApiHarness.standard()) {
            Map<String, String> tokens = new HashMap<>();
            for (Role role : Role.values()) {
                tokens.put(
                        role.name(),
                        api.node().user(role.name().toLowerCase(java.util.Locale.ROOT), role));
            }
            HttpClient anonymous = api.client(null);
            HttpClient node = api.client(ApiHarness.CLUSTER.node("node-b"));
            for (ApiOperation operation : CONTRACT.operations()) {
                HttpRequest.Builder request = request(api, operation);
                check(operation, Optional.empty(), "nobody", anonymous, request.copy());
                check(operation, Optional.of(Role.VIEWER), "node", node, request.copy());
                for (Role role : Role.values()) {
                    String bearer = "Bearer " + tokens.get(role.name());
                    check(
                            operation,
                            Optional.of(role),
                            role.name(),
                            anonymous,
                            request.copy().header("Authorization", bearer));
                }
            }
            anonymous.close();
            node.shutdownNow();
        }
    }

    private static void check(
            ApiOperation operation,
            Optional<Role> has,
            String who,
            HttpClient client,
            HttpRequest.Builder request)
            throws Exception {
        HttpResponse<java.io.InputStream> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        String what = who + " " + operation.method() + " " + operation.template();
        String code =
                response.headers().firstValue("Content-Type").orElse("").contains("problem")
                        ? new JsonObject(
                                        new String(
                                                response.body().readAllBytes(),
                                                java.nio.charset.StandardCharsets.UTF_8))
                                .getString("code")
                        : "";
        response.body().close();
        boolean isOpen = operation.role().isEmpty();
        if (isOpen) {
            assertTrue(!code.equals("forbidden"), what + " " + code);
        } else if (has.isEmpty()) {
            assertEquals(401, response.statusCode(), what);
        } else if (has.get().compareTo(operation.role().get()) < 0) {
            assertEquals(403, response.statusCode(), what);
            assertEquals("forbidden", code, what);
        } else {
            boolean isNodesLimit = who.equals("node") && operation.id().equals("createLoginLink");
            assertTrue(response.statusCode() != 401, what);
            assertTrue(isNodesLimit || response.statusCode() != 403, what + " " + code);
            assertTrue(response.statusCode() < 500, what + " " + response.statusCode());
        }
    }

    private static HttpRequest.Builder request(ApiHarness api, ApiOperation operation) {
        String path =
                operation
                        .template()
                        .replace("{chunk}", "0".repeat(32))
                        .replace("{stream}", "0".repeat(16))
                        .replace("{digest}", "sha256:" + "0".repeat(64))
                        .replace("{snapshot}", "t%2Fa%2Fs")
                        .replace("{application}", "t%2Fa")
                        .replace("{catalog}", "nodes")
                        .replaceAll("\\{[a-z]+}", "none-such");
        return api.request(path).method(operation.method(), HttpRequest.BodyPublishers.noBody());
    }

    @Test
    void everyOperationIsAnsweredAndEveryAnswerIsDescribed() {
        assertTrue(CONTRACT.operations().size() > 80);
        assertEquals(
                List.of(),
                CONTRACT.operations().stream()
                        .filter(operation -> operation.isChange() && operation.role().isEmpty())
                        .map(ApiOperation::id)
                        .filter(id -> !id.equals("join"))
                        .toList());
    }
}
