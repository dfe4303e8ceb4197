package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;

/// The cluster itself.
///
/// @param id drawn at random by the founder
/// @param name for people
/// @param createdMillis when it was founded
/// @param level the newest format that commands and records may use; every node understands it
/// @param nodeCount nodes that are not evicted
/// @param lastNumber the newest node number given out
public record ClusterEntry(
        String id, String name, long createdMillis, int level, int nodeCount, int lastNumber) {
    /// The one key of the catalog.
    public static final String KEY = "cluster";

    /// Nodes of one cluster.
    public static final int NODES_MAX = 5_000;

    public ClusterEntry {
        Check.name("a cluster's id", id);
        Check.name("a cluster's name", name);
        Check.notNegative("a time", createdMillis);
        Check.range("a level", level, 1, 255);
        Check.range("a node count", nodeCount, 0, NODES_MAX);
        Check.notNegative("a node's number", lastNumber);
    }

    ClusterEntry withNodes(int count, int newLastNumber) {
        return new ClusterEntry(id, name, createdMillis, level, count, newLastNumber);
    }

    ClusterEntry withLevel(int newLevel) {
        return new ClusterEntry(id, name, createdMillis, newLevel, nodeCount, lastNumber);
    }
}
