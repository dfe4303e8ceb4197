package io.holdfast.node.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The cluster as a node knew it last: written when it joins, and again whenever the ledger's list of nodes
/// changes, so that it finds the others when it starts.
///
/// @param clusterId 32 hexadecimal digits
/// @param nodes the others and itself
public record KnownPeers(String clusterId, List<KnownNode> nodes) {
    private static final String FORMAT = "known-peers";
    private static final String FILE = "cluster.peers";

    public KnownPeers {
        nodes = List.copyOf(nodes);
    }

    /// One node's addresses, each `host:port`.
    ///
    /// @param isVoter whether it voted in the ledger
    public record KnownNode(
            String name, String api, String peer, String raft, String grid, boolean isVoter) {}

    public void write(Path dataDirectory) throws IOException {
        Map<String, String> values = new TreeMap<>();
        values.put("cluster.id", clusterId);
        for (KnownNode node : nodes) {
            values.put(
                    "node." + node.name(),
                    String.join(" ", node.api(), node.peer(), node.raft(), node.grid(),
                            node.isVoter() ? "voter" : "-"));
        }
        RecordFile.write(dataDirectory.resolve(FILE), FORMAT, values);
    }

    public static Optional<KnownPeers> read(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> values = RecordFile.read(file, FORMAT);
        List<KnownNode> nodes = new ArrayList<>();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            if (entry.getKey().startsWith("node.")) {
                nodes.add(node(entry.getKey().substring("node.".length()), entry.getValue(), file));
            }
        }
        return Optional.of(new KnownPeers(ClusterSeed.required(values, "cluster.id", file), nodes));
    }

    private static KnownNode node(String name, String text, Path file) throws IOException {
        List<String> parts = List.of(text.split(" ", -1));
        if (parts.size() != 5) {
            throw new IOException(
                    "five words are expected: file=" + file + " node=" + name + " value=" + text);
        }
        return new KnownNode(
                name, parts.get(0), parts.get(1), parts.get(2), parts.get(3), "voter".equals(parts.get(4)));
    }
}
