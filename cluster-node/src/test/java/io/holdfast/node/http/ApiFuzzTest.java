package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.http.contract.ApiContract;
import io.holdfast.node.http.contract.ApiOperation;
import io.holdfast.node.http.contract.SchemaRule;
import io.holdfast.node.testing.ApiHarness;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

@Timeout(120)
class ApiFuzzTest {
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_121L);
    private static final int REQUEST_COUNT = 10_000;
    private static final int CONCURRENT_MAX = 32;
    private static final List<String> WORDS =
            List.of(
                    "node-a",
                    "nodes",
                    "settings",
                    "users",
                    "",
                    "x",
                    "%00",
                    "%2F",
                    "%ff",
                    "..",
                    "%2e%2e",
                    "a%2Fb",
                    "\u00e9",
                    "-1",
                    "0",
                    "1",
                    "9223372036854775807",
                    "99999999999999999999",
                    "true",
                    "null",
                    "state=joined",
                    "state%3Djoined",
                    "number%3E%3Dx",
                    "a".repeat(600),
                    "1.0",
                    "'",
                    "\"",
                    "<script>",
                    "linearizable",
                    "session",
                    "root",
                    "admin",
                    "0123456789abcdef",
                    "sha256:00",
                    "t%2Fa%2Fs",
                    "%",
                    "%zz");

    private final Random random = new Random(SEED);
    private final List<ApiOperation> operations = ApiContract.ofThisBuild().operations();

    @Test
    void tenThousandRandomRequestsAreAnsweredWithoutAFault() throws Exception {
        try (ApiHarness api = ApiHarness.standard()) {
            String token = api.node().user("root", Role.ADMIN);
            HttpClient client = api.client(null);
            Semaphore slots = new Semaphore(CONCURRENT_MAX);
            List<String> faults = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < REQUEST_COUNT; i++) {
                Optional<HttpRequest> drawn = request(api, token);
                if (drawn.isEmpty()) {
                    continue;
                }
                HttpRequest request = drawn.get();
                slots.acquire();
                CompletableFuture<HttpResponse<String>> answer =
                        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
                var _ =
                        answer.whenComplete(
                                (response, failure) -> {
                                    judge(request, response, failure, faults);
                                    slots.release();
                                });
            }
            assertTrue(slots.tryAcquire(CONCURRENT_MAX, 30, TimeUnit.SECONDS));
            assertEquals(List.of(), faults.stream().limit(5).toList(), "seed=" + SEED);
            assertEquals(200, api.get("/v1/whoami", token).statusCode());
            client.close();
        }
    }

    private static void judge(
            HttpRequest request,
            HttpResponse<String> response,
            Throwable failure,
            List<String> faults) {
        if (failure != null) {
            faults.add(request.method() + " " + request.uri() + " failed: " + failure);
        } else if ((response.statusCode() >= 500 && !isCallersDeadline(request, response))
                || response.body().contains("\tat ")
                || response.body().contains("Exception")) {
            faults.add(
                    request.method()
                            + " "
                            + request.uri()
                            + " "
                            + response.statusCode()
                            + " "
                            + response.body());
        } else if (response.statusCode() >= 400) {
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (!type.equals("application/problem+json")) {
                faults.add(request.method() + " " + request.uri() + " is no problem JSON: " + type);
            }
        }
    }

    /// Nobody else is to blame for what a caller gave a millisecond for.
    private static boolean isCallersDeadline(HttpRequest request, HttpResponse<String> response) {
        return (response.statusCode() == 503 || response.statusCode() == 504)
                && request.headers().firstValue("Holdfast-Timeout-Millis").isPresent();
    }

    private Optional<HttpRequest> request(ApiHarness api, String token) {
        ApiOperation operation = operations.get(random.nextInt(operations.size()));
        if (operation.id().equals("watch")
                || operation.id().equals("deleteUser")
                || operation.id().equals("revokeUserToken")
                || operation.id().equals("setRole")) {
            return Optional.empty();
        }
        StringBuilder path = new StringBuilder();
        for (String segment : operation.template().substring(1).split("/", -1)) {
            boolean isFree = segment.startsWith("{") || random.nextInt(30) == 0;
            path.append('/').append(isFree ? word() : segment);
        }
        int parameters = random.nextInt(4);
        for (int i = 0; i < parameters; i++) {
            List<String> known = List.copyOf(operation.queryRules().keySet());
            String name =
                    known.isEmpty() || random.nextInt(8) == 0
                            ? word()
                            : known.get(random.nextInt(known.size()));
            path.append(i == 0 ? '?' : '&').append(name).append('=').append(word());
        }
        String method = random.nextInt(20) == 0 ? "PUT" : operation.method();
        try {
            HttpRequest.Builder request =
                    api.request(path.toString()).method(method, body(operation));
            if (random.nextInt(10) != 0) {
                request.header("Authorization", "Bearer " + token);
            }
            if (random.nextInt(10) != 0) {
                request.header("Content-Type", "application/json");
            }
            header(request, "If-Match");
            header(request, "If-None-Match");
            header(request, "Idempotency-Key");
            header(request, "Holdfast-Index");
            header(request, "Holdfast-Timeout-Millis");
            header(request, "Request-Id");
            return Optional.of(request.build());
        } catch (IllegalArgumentException e) {
            // The client itself refuses to send such a target.
            assertFalse(path.isEmpty());
            return Optional.empty();
        }
    }

    private void header(HttpRequest.Builder request, String name) {
        if (random.nextInt(8) == 0) {
            request.header(name, word().isEmpty() ? "\"1\"" : word());
        }
    }

    private HttpRequest.BodyPublisher body(ApiOperation operation) {
        if (operation.method().equals("GET") || random.nextInt(6) == 0) {
            return HttpRequest.BodyPublishers.noBody();
        }
        return switch (random.nextInt(5)) {
            case 0 -> HttpRequest.BodyPublishers.ofString(word());
            case 1 -> HttpRequest.BodyPublishers.ofString("{\"a\":".repeat(random.nextInt(2_000)));
            default -> HttpRequest.BodyPublishers.ofString(object(operation).encode());
        };
    }

    private JsonObject object(ApiOperation operation) {
        JsonObject body = new JsonObject();
        operation
                .bodyRule()
                .filter(SchemaRule.Fields.class::isInstance)
                .map(SchemaRule.Fields.class::cast)
                .ifPresent(
                        fields ->
                                fields.properties()
                                        .forEach(
                                                (name, rule) -> {
                                                    if (random.nextInt(6) != 0) {
                                                        body.put(
                                                                name,
                                                                random.nextInt(3) == 0
                                                                        ? value(0)
                                                                        : fitting(rule));
                                                    }
                                                }));
        if (random.nextInt(8) == 0) {
            body.put(word(), value(0));
        }
        return body;
    }

    private Object fitting(SchemaRule rule) {
        return switch (rule) {
            case SchemaRule.Text text when !text.values().isEmpty() ->
                    text.values().iterator().next();
            case SchemaRule.Text _ -> "a" + random.nextInt(5);
            case SchemaRule.Whole whole -> random.nextBoolean() ? whole.min() : whole.max();
            case SchemaRule.Flag _ -> random.nextBoolean();
            case SchemaRule.Many many -> new JsonArray().add(fitting(many.items()));
            case SchemaRule.Fields fields -> {
                JsonObject object = new JsonObject();
                fields.properties().forEach((name, inner) -> object.put(name, fitting(inner)));
                yield object;
            }
        };
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> word();
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble();
            case 3 -> random.nextBoolean();
            case 4 -> -1;
            case 5 -> new JsonArray().add(value(depth + 1));
            default -> new JsonObject().put(word(), value(depth + 1));
        };
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }
}
