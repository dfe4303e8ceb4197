package io.holdfast.node.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ApiClientTest {
    private FakeApi api;

    @BeforeEach
    void start() throws Exception {
        api = FakeApi.start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aListIsFetchedPageByPage() throws Exception {
        api.answer(
                "GET /v1/nodes", 200, "application/json", "{\"items\":[{\"n\":1},{\"n\":2}],\"next\":\"c\"}");
        api.answer("GET /v1/nodes?cursor=c", 200, "application/json", "{\"items\":[{\"n\":3}]}");
        try (ApiClient client = client(api.address())) {
            assertEquals(
                    "[{\"n\":1},{\"n\":2},{\"n\":3}]", client.list(ApiRequest.get("/nodes"), 10).toString());
            assertEquals("[{\"n\":1}]", client.list(ApiRequest.get("/nodes"), 1).toString());
        }
        assertEquals("Bearer secret", api.seen().getFirst().authorization());
    }

    @Test
    void aProblemBecomesItsExitCodeMessageAndHint() throws Exception {
        api.answer(
                "DELETE /v1/users/ann",
                409,
                "application/problem+json",
                """
                {"title":"t","detail":"ann is the last admin","code":"last-admin","hint":"make another"}
                """);
        try (ApiClient client = client(api.address())) {
            CliException refused = assertThrows(
                    CliException.class, () -> client.call(ApiRequest.delete("/users/ann")));
            assertEquals(ExitCode.CONFLICT, refused.exitCode());
            assertEquals("ann is the last admin: code=last-admin", refused.getMessage());
            assertEquals("make another", refused.hint());
        }
    }

    @Test
    void aNodeThatIsUnavailableIsPassedOverWithTheSameIdempotencyKey() throws Exception {
        try (FakeApi second = FakeApi.sharingAuthorityOf(api)) {
            api.answer("POST /v1/users", 503, "application/problem+json", "{\"title\":\"no leader\"}");
            second.answer("POST /v1/users", 201, "application/json", "{\"name\":\"ann\"}");
            try (ApiClient client = client("127.0.0.1:1", api.address(), second.address())) {
                client.call(
                        ApiRequest.post("/users", JsonNodeFactory.instance.objectNode().put("name", "ann")));
            }
            assertEquals("{\"name\":\"ann\"}", second.seen().getFirst().body());
            assertEquals(
                    api.seen().getFirst().idempotencyKey(), second.seen().getFirst().idempotencyKey());
        }
    }

    @Test
    void whenNoNodeAnswersEachIsNamed() throws Exception {
        try (ApiClient client = client("127.0.0.1:1", "127.0.0.1:2")) {
            CliException refused =
                    assertThrows(CliException.class, () -> client.call(ApiRequest.get("/nodes")));
            assertEquals(ExitCode.UNAVAILABLE, refused.exitCode());
            assertTrue(refused.getMessage().contains("127.0.0.1:1"), refused.getMessage());
            assertTrue(refused.getMessage().contains("127.0.0.1:2"), refused.getMessage());
        }
    }

    @Test
    void anotherClustersAuthorityIsRefusedAndTheTokenIsNotShownToIt() throws Exception {
        try (FakeApi stranger = FakeApi.start();
                ApiClient client = client(stranger.address())) {
            CliException refused =
                    assertThrows(CliException.class, () -> client.call(ApiRequest.get("/nodes")));
            assertEquals(ExitCode.UNAVAILABLE, refused.exitCode());
            assertTrue(refused.getMessage().contains("TLS"), refused.getMessage());
            assertTrue(stranger.seen().isEmpty());
        }
    }

    private ApiClient client(String... endpoints) throws Exception {
        ClusterAccess access = new ClusterAccess(List.of(endpoints), api.authorityPem(), "secret");
        return new ApiClient(access, Duration.ofSeconds(10));
    }
}
