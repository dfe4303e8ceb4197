package io.holdfast.node.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChangeFollowerTest {
    private static final String STREAM = "text/event-stream";
    private static final String READY = "id: 7.0\nevent: ready\ndata: {\"index\":7}\n\n";

    @Test
    void aFollowerGoesOnAtAnotherNodeBehindWhatItHasSeen() throws Exception {
        try (FakeApi first = FakeApi.start();
                FakeApi second = FakeApi.sharingAuthorityOf(first)) {
            first.answer(
                    "GET /v1/watch",
                    200,
                    STREAM,
                    READY + "id: 8.1\nevent: change\ndata: a\n\nid: 9.0\ndata: cut");
            second.answer(
                    "GET /v1/watch", 200, STREAM, "id: 8.1\nevent: ready\ndata: {}\n\nid: 9.0\ndata: b\n\n");
            ClusterAccess access = new ClusterAccess(
                    List.of(first.address(), second.address()), first.authorityPem(), "secret");
            try (ApiClient client = new ApiClient(access, Duration.ofSeconds(10));
                    ChangeFollower follower =
                            new ChangeFollower(client, ApiRequest.get("/watch"), "")) {
                follower.connect();
                assertEquals("a", follower.next().orElseThrow().text());
                first.stop();
                assertEquals("b", follower.next().orElseThrow().text());
                assertEquals(2, follower.connectionCount());
            }
            assertEquals(List.of("", "8.1"), List.of(
                    first.seen().getFirst().lastEventId(), second.seen().getFirst().lastEventId()));
        }
    }

    @Test
    void aResetIsToldAndAClosedFollowerIsAtItsEnd() throws Exception {
        try (FakeApi api = FakeApi.start()) {
            api.answer("GET /v1/watch", 200, STREAM, READY + "id: 9.0\nevent: reset\ndata: {}\n\n");
            ChangeFollower follower = new ChangeFollower(clientOf(api), ApiRequest.get("/watch"), "1.0");
            assertEquals("reset", follower.next().orElseThrow().type());
            follower.close();
            assertEquals(Optional.empty(), follower.next());
        }
    }

    @Test
    void aRefusalIsNotTriedAgain() throws Exception {
        try (FakeApi api = FakeApi.start()) {
            api.answer("GET /v1/watch", 403, "application/problem+json", "{\"title\":\"no\"}");
            try (ChangeFollower follower = new ChangeFollower(clientOf(api), ApiRequest.get("/watch"), "")) {
                CliException refused = assertThrows(CliException.class, follower::next);
                assertEquals(ExitCode.DENIED, refused.exitCode());
            }
            assertEquals(1, api.seen().size());
        }
    }

    private static ApiClient clientOf(FakeApi api) throws Exception {
        ClusterAccess access = new ClusterAccess(List.of(api.address()), api.authorityPem(), "secret");
        return new ApiClient(access, Duration.ofSeconds(10));
    }
}
