package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.node.testing.ApiHarness;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChangePagesTest {
    private static final int SETTINGS = 600;

    private final ApiHarness api = ApiHarness.standard();
    private final String viewer = api.node().user("eve", Role.VIEWER);

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void pagesGoBackFromTheNewestToTheOldestWithoutGapOrRepetition() throws Exception {
        List<String> written = new ArrayList<>();
        for (int number = 0; number < SETTINGS; number++) {
            put("k" + number, "v");
            written.add("k" + number);
        }
        Collections.reverse(written);
        List<String> read = new ArrayList<>();
        JsonObject page = page("catalog=settings&limit=70");
        read.addAll(keys(page));
        while (page.containsKey("next")) {
            page = page("catalog=settings&limit=70&before=" + page.getString("next"));
            read.addAll(keys(page));
        }
        assertEquals(written, read);
    }

    @Test
    void whatIsRareIsFoundFarBack() throws Exception {
        put("needle", "In The Haystack");
        for (int number = 0; number < SETTINGS; number++) {
            put("k" + number, "v");
        }
        JsonObject page = page("find=in%20the%20hay");
        assertEquals(List.of("needle"), keys(page));
        assertFalse(page.containsKey("next"), "nothing else is like that");
        JsonObject item = page.getJsonArray("items").getJsonObject(0);
        assertEquals("In The Haystack", item.getJsonObject("record").getString("value"));
        assertTrue(item.getString("position").startsWith(item.getLong("index") + "."), item.encode());
    }

    @Test
    void aRemovalIsToldWithoutARecord() throws Exception {
        put("gone", "1");
        api.node().apply(new SettingCommand.Remove("gone", ExpectedVersion.ANY));
        JsonObject item = page("catalog=settings").getJsonArray("items").getJsonObject(0);
        assertEquals("gone", item.getString("key"));
        assertTrue(item.getBoolean("removed"));
        assertFalse(item.containsKey("record"));
    }

    @Test
    void aCallerSeesOnlyWhatItMayRead() throws Exception {
        api.node().user("mallory", Role.VIEWER);
        put("mine", "1");
        assertEquals(List.of("mine"), keys(page("limit=5")).subList(0, 1));
        assertTrue(page("limit=500").getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("catalog"))
                .noneMatch(catalog -> catalog.startsWith("user") || catalog.equals("audit")));
        assertEquals(403, api.get("/v1/changes?catalog=users", viewer).statusCode());
        assertEquals(404, api.get("/v1/changes?catalog=none", viewer).statusCode());
        assertEquals(400, api.get("/v1/changes?before=tomorrow", viewer).statusCode());
        assertEquals(422, api.get("/v1/changes?limit=501", viewer).statusCode());
    }

    private void put(String key, String value) {
        api.node().apply(new SettingCommand.Put(
                key, Octets.copyOf(value.getBytes(StandardCharsets.UTF_8)), ExpectedVersion.ANY));
    }

    private JsonObject page(String query) throws IOException, InterruptedException {
        var reply = api.get("/v1/changes?" + query, viewer);
        assertEquals(200, reply.statusCode(), reply.body());
        return new JsonObject(reply.body());
    }

    private static List<String> keys(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("key"))
                .toList();
    }
}
