package io.holdfast.node.http.resource;

import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.StatusSource.NodeReport;
import io.holdfast.node.peerlink.PeerLinkStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The ways between nodes, as much of them as people can look at: each to each while the nodes are few, zone
/// to zone however many they are, and those that are down or slow. A hundred nodes have ten thousand ways.
final class WaysJson {
    private static final int NODES_EACH_MAX = 12;
    private static final int SHOWN_MAX = 10;

    private record Way(String from, String to, PeerLinkStatus link) {
        boolean isUp() {
            return link.state() == PeerLinkStatus.State.UP;
        }

        JsonObject json() {
            return new JsonObject()
                    .put("from", from)
                    .put("to", to)
                    .put("state", RecordJson.value(link.state()))
                    .put("reason", link.reason())
                    .put("roundTripNanos", link.roundTripNanos());
        }
    }

    private WaysJson() {}

    /// @param zones of the nodes that take part, by their names
    /// @param reports of those that answer
    static JsonObject of(Map<String, String> zones, Map<String, NodeReport> reports) {
        List<Way> ways = new ArrayList<>();
        reports.forEach((from, report) -> report.links().stream()
                .filter(link -> zones.containsKey(from) && zones.containsKey(link.peer().value()))
                .forEach(link -> ways.add(new Way(from, link.peer().value(), link))));
        List<Way> broken = ways.stream()
                .filter(way -> way.link().state() == PeerLinkStatus.State.BACKING_OFF)
                .filter(way -> reports.containsKey(way.to()))
                .toList();
        List<Way> slowest = ways.stream()
                .filter(Way::isUp)
                .sorted(Comparator.comparingLong((Way way) -> -way.link().roundTripNanos()))
                .toList();
        JsonObject json = new JsonObject()
                .put("up", slowest.size())
                .put("brokenCount", broken.size())
                .put("broken", array(broken))
                .put("slowest", array(slowest))
                .put("zones", zones(zones, slowest));
        if (zones.size() <= NODES_EACH_MAX) {
            JsonArray each = new JsonArray();
            ways.forEach(way -> each.add(way.json()));
            json.put("each", each);
        }
        return json;
    }

    private static JsonArray array(List<Way> ways) {
        JsonArray array = new JsonArray();
        ways.stream().limit(SHOWN_MAX).forEach(way -> array.add(way.json()));
        return array;
    }

    /// The round trip in the middle of those between two zones.
    private static JsonArray zones(Map<String, String> zones, List<Way> slowestFirst) {
        Map<String, Map<String, List<Long>>> found = new TreeMap<>();
        slowestFirst.forEach(way -> found
                .computeIfAbsent(zones.getOrDefault(way.from(), ""), _ -> new TreeMap<>())
                .computeIfAbsent(zones.getOrDefault(way.to(), ""), _ -> new ArrayList<>())
                .add(way.link().roundTripNanos()));
        JsonArray array = new JsonArray();
        found.forEach((from, others) -> others.forEach((to, times) -> array.add(new JsonObject()
                .put("from", from)
                .put("to", to)
                .put("ways", times.size())
                .put("roundTripNanos", times.get(times.size() / 2)))));
        return array;
    }
}
