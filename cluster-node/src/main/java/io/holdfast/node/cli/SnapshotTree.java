package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Snapshots below the ones that they were made after, as lines of text.
final class SnapshotTree {
    private final Map<String, List<JsonNode>> children = new TreeMap<>();
    private final StringBuilder text = new StringBuilder();

    private SnapshotTree() {}

    static String of(Iterable<JsonNode> snapshots) {
        SnapshotTree tree = new SnapshotTree();
        Set<String> keys = new HashSet<>();
        snapshots.forEach(snapshot -> keys.add(snapshot.path("key").asText()));
        List<JsonNode> roots = new ArrayList<>();
        for (JsonNode snapshot : snapshots) {
            String key = snapshot.path("key").asText();
            String parent = key.substring(0, key.lastIndexOf('/') + 1) + snapshot.path("parent").asText();
            if (keys.contains(parent)) {
                tree.children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(snapshot);
            } else {
                roots.add(snapshot);
            }
        }
        roots.forEach(root -> tree.add(root, 0));
        return tree.text.toString();
    }

    private void add(JsonNode snapshot, int depth) {
        String key = snapshot.path("key").asText();
        text.append("  ".repeat(depth))
                .append(depth == 0 ? key : key.substring(key.lastIndexOf('/') + 1))
                .append("  ")
                .append(snapshot.path("state").asText())
                .append("  ")
                .append(snapshot.path("origin").asText())
                .append("  ")
                .append(bytesOf(snapshot))
                .append(snapshot.path("isProtected").asBoolean() ? "  protected" : "")
                .append('\n');
        children.getOrDefault(key, List.of()).forEach(child -> add(child, depth + 1));
    }

    private static String bytesOf(JsonNode snapshot) {
        JsonNode stored = snapshot.path("stored");
        String own = snapshot.path("chargedBytes").asLong() + " bytes";
        return stored.path("contentBytes").asLong() == 0
                ? own
                : own + " of its own, " + stored.path("sharedBytes").asLong() + " shared, "
                        + stored.path("contentBytes").asLong() + " in all";
    }
}
