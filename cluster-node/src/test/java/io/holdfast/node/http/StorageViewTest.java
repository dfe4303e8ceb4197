package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.testing.ApiHarness;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the API tells people about disks, volumes and hosts.
@Timeout(60)
final class StorageViewTest {
    private final ApiHarness api = ApiHarness.standard();
    private final String operator = api.node().user("kim", Role.OPERATOR);
    private final String viewer = api.node().user("eve", Role.VIEWER);

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private JsonObject get(String path) throws Exception {
        return new JsonObject(api.get(path, viewer).body());
    }

    private void createVolume(String name) throws Exception {
        JsonObject body = new JsonObject()
                .put("name", name)
                .put("sizeBytes", 4_096)
                .put("profile", "2+1")
                .put("spread", "disk");
        HttpResponse<String> made = api.call("POST", "/v1/volumes", operator, body);
        assertEquals(201, made.statusCode(), made.body());
    }

    @Test
    void oneCallTellsTheDisksOfEveryNodeAndWhatIsAtRisk() throws Exception {
        JsonObject storage = get("/v1/storage");
        JsonObject node = storage.getJsonArray("nodes").getJsonObject(0);
        assertEquals("node-a", node.getString("node"));
        assertEquals(9_000, node.getJsonArray("disks").getJsonObject(0).getLong("freeBytes"));
        assertEquals(2, storage.getJsonObject("atRisk").getLong("chunks"));
    }

    @Test
    void aListOfVolumesSaysMoreOnlyIfItIsAsked() throws Exception {
        createVolume("db");
        createVolume("web");
        JsonObject plain = get("/v1/volumes").getJsonArray("items").getJsonObject(0);
        assertFalse(plain.containsKey("figures"));
        for (int place = 0; place < 2; place++) {
            JsonObject volume = get("/v1/volumes?figures=true").getJsonArray("items").getJsonObject(place);
            assertEquals("node-a", volume.getJsonObject("figures").getString("servedBy"));
            assertEquals(4_096, volume.getLong("sizeBytes"));
        }
    }

    @Test
    void aVolumeTellsItsFiguresAndItsFamily() throws Exception {
        createVolume("db");
        assertEquals(1, get("/v1/volumes/db/figures").getLong("chunksAtRisk"));
        JsonObject family = get("/v1/volumes/db/family");
        assertEquals(5, family.getJsonObject("chunks").getLong("sealed"));
        assertEquals("monday", family.getJsonArray("volumes").getJsonObject(0)
                .getJsonArray("snapshots").getJsonObject(0).getString("name"));
        assertEquals(404, api.get("/v1/volumes/none/family", viewer).statusCode());
    }

    @Test
    void aNodeTellsWhatItsHostCanDo() throws Exception {
        assertEquals("ok", get("/v1/nodes/node-a/host").getJsonArray("items").getJsonObject(0)
                .getString("state"));
        assertEquals(404, api.get("/v1/nodes/none/host", viewer).statusCode());
    }
}
