package io.holdfast.node.http.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.PeerId;
import io.holdfast.node.http.port.StatusSource.NodeReport;
import io.holdfast.node.http.port.StatusSource.Traffic;
import io.holdfast.node.peerlink.PeerLinkStatus;
import io.holdfast.node.peerlink.PeerLinkStatus.State;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Ways between nodes that stand in two zones by turns, each with a round trip of its own.
final class WaysJsonTest {
    private final Map<String, String> zones = new HashMap<>();
    private final Map<String, NodeReport> reports = new HashMap<>();

    private void nodes(int count) {
        for (int from = 0; from < count; from++) {
            zones.put("n" + from, "z" + from % 2);
            List<PeerLinkStatus> links = new ArrayList<>();
            for (int to = 0; to < count; to++) {
                if (to != from) {
                    links.add(link(to, State.UP, 1_000 * (from + 1) + to));
                }
            }
            reports.put("n" + from, report("n" + from, links));
        }
    }

    private static PeerLinkStatus link(int to, State state, long roundTripNanos) {
        return new PeerLinkStatus(
                new PeerId("n" + to), state, Instant.EPOCH, "tested", 0, roundTripNanos);
    }

    private static NodeReport report(String name, List<PeerLinkStatus> links) {
        return new NodeReport(
                name, "test", Instant.EPOCH, 1, 0, List.of(), Optional.empty(), List.of(), links,
                Traffic.NONE);
    }

    @Test
    void amongFewNodesEachWayIsTold() {
        nodes(3);
        JsonObject ways = WaysJson.of(zones, reports);
        assertEquals(6, ways.getJsonArray("each").size());
        assertEquals(0, ways.getInteger("brokenCount"));
        assertEquals("n2", ways.getJsonArray("slowest").getJsonObject(0).getString("from"));
    }

    @Test
    void amongManyNodesTheAnswerStaysSmall() {
        nodes(100);
        JsonObject ways = WaysJson.of(zones, reports);
        assertEquals(9_900, ways.getInteger("up"));
        assertFalse(ways.containsKey("each"));
        assertEquals(4, ways.getJsonArray("zones").size());
        assertTrue(ways.encode().length() < 4_096, "length=" + ways.encode().length());
    }

    @Test
    void aWayIsBrokenIfItsEndAnswersAndGoneIfItsEndLeft() {
        nodes(3);
        reports.put("n0", report("n0", List.of(
                link(1, State.BACKING_OFF, 0), link(2, State.BACKING_OFF, 0))));
        reports.remove("n2");
        zones.put("left", "z0");
        JsonObject ways = WaysJson.of(zones, reports);
        assertEquals(1, ways.getInteger("brokenCount"), "n2 does not answer anybody");
        JsonObject broken = ways.getJsonArray("broken").getJsonObject(0);
        assertEquals("backing-off", broken.getString("state"));
        assertEquals("n1", broken.getString("to"));
        zones.remove("n1");
        assertEquals(0, WaysJson.of(zones, reports).getInteger("brokenCount"), "it left");
    }
}
