package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.node.testing.ApiHarness;
import io.holdfast.node.testing.Await;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

@Timeout(60)
class WatchTest {
    private final ApiHarness api = ApiHarness.standard();
    private final String viewer = api.node().user("eve", Role.VIEWER);
    private final HttpClient client = api.client(null);

    /// One event as it came.
    private record Event(String id, String name, JsonObject body) {}

    @AfterEach
    void close() {
        client.shutdownNow();
        api.close();
    }

    @Test
    void aWatchGoesOnWhereTheOneBeforeEnded() throws Exception {
        String last;
        try (BufferedReader events = watch("/v1/watch?catalog=settings", "")) {
            assertEquals("ready", next(events).name());
            put("a", "1");
            Event first = next(events);
            assertEquals("change", first.name());
            assertEquals("a", first.body().getString("key"));
            assertEquals("1", first.body().getJsonObject("record").getString("value"));
            last = first.id();
        }
        put("b", "2");
        remove("a");
        try (BufferedReader events = watch("/v1/watch?catalog=settings", last)) {
            assertEquals(last, next(events).id());
            assertEquals("b", next(events).body().getString("key"));
            Event removed = next(events);
            assertEquals("a", removed.body().getString("key"));
            assertTrue(removed.body().getBoolean("removed"));
            assertFalse(removed.body().containsKey("record"));
        }
        Await.until("the watches are over", () -> api.server().watchCount() == 0);
    }

    @Test
    void aWatchThatItsCallerLeavesTakesNoOtherWithIt() throws Exception {
        try (BufferedReader stays = watch("/v1/watch?catalog=settings", "")) {
            next(stays);
            for (int i = 0; i < 50; i++) {
                try (BufferedReader leaves = watch("/v1/watch?catalog=settings", "")) {
                    next(leaves);
                    put("k" + i, "1");
                }
                assertEquals("k" + i, next(stays).body().getString("key"));
            }
        }
    }

    @Test
    void aWatchShowsOnlyWhatItsCallerMayRead() throws Exception {
        try (BufferedReader events = watch("/v1/watch", "")) {
            next(events);
            api.node().user("mallory", Role.VIEWER);
            put("c", "3");
            assertEquals("settings", next(events).body().getString("catalog"));
        }
        assertEquals(403, api.get("/v1/watch?catalog=users", viewer).statusCode());
        assertEquals(404, api.get("/v1/watch?catalog=none", viewer).statusCode());
        assertEquals(400, api.get("/v1/watch?after=tomorrow", viewer).statusCode());
    }

    @Test
    void theServerEndsWatchesWhenItStops() throws Exception {
        try (BufferedReader events = watch("/v1/watch", "")) {
            next(events);
            api.server().close();
            Await.until("no watch is left", () -> api.server().watchCount() == 0);
        }
    }

    private BufferedReader watch(String path, String last)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = api.request(path).header("Authorization", "Bearer " + viewer);
        if (!last.isEmpty()) {
            request.header("Last-Event-ID", last);
        }
        HttpResponse<InputStream> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertEquals(List.of("text/event-stream"), response.headers().allValues("Content-Type"));
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static Event next(BufferedReader events) throws IOException {
        String id = "";
        String name = "";
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                return new Event(id, name, new JsonObject(line.substring(6)));
            }
        }
        throw new AssertionError("the stream ended");
    }

    private void put(String name, String value) {
        api.node()
                .apply(
                        new SettingCommand.Put(
                                name,
                                Octets.copyOf(value.getBytes(StandardCharsets.UTF_8)),
                                ExpectedVersion.ANY));
    }

    private void remove(String name) {
        api.node().apply(new SettingCommand.Remove(name, ExpectedVersion.ANY));
    }
}
