package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.testing.ApiHarness;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who may bring saved memory back, and what stays on record of it.
@Timeout(60)
class SnapshotAccessTest {
    private static final String RESTORE = "/v1/snapshots/default%2Fshop%2Fmonday/restore";

    @Test
    void aRestoreNeedsAnOperatorAndStandsInTheAuditWithWhoAndWhich() throws Exception {
        try (ApiHarness api = ApiHarness.standard()) {
            String admin = api.node().user("admin", Role.ADMIN);
            String viewer = api.node().user("vera", Role.VIEWER);
            String operator = api.node().user("otto", Role.OPERATOR);
            assertEquals(403, restore(api, viewer));
            assertEquals(Optional.empty(), auditOf(api, admin), "what was not let in changed nothing");
            assertEquals(404, restore(api, operator));
            JsonObject record = auditOf(api, admin).orElseThrow();
            assertEquals("otto", record.getString("user"));
            assertEquals("default/shop/monday", record.getString("target"));
            assertEquals("not-found", record.getString("outcome"));
            assertTrue(record.getLong("timeMillis") > 0);
        }
    }

    private static int restore(ApiHarness api, String token) throws Exception {
        return api.send(api.request(RESTORE)
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode();
    }

    private static Optional<JsonObject> auditOf(ApiHarness api, String admin) throws Exception {
        JsonArray items = new JsonObject(api.get("/v1/audit", admin).body()).getJsonArray("items");
        return items.stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getString("command").equals("snapshot.restore"))
                .findFirst();
    }
}
