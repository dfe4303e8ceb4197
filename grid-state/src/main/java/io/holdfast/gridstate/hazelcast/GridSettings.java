package io.holdfast.gridstate.hazelcast;

import java.util.List;
import java.util.regex.Pattern;

/// How a node's grid member is started. Immutable.
///
/// @param clusterName members of another cluster are refused; the cluster's identifier, not its label
/// @param nodeName the name in this node's certificate
/// @param host the address that the member listens on and that the others reach it under
/// @param port its one listening port, 1 to 65535
/// @param members where members may be found, `host:port`, this node's own among them or not
/// @param partitionCount into how many pieces the catalogs are cut; the same on all members
/// @param heartbeatMillis how often members tell each other that they live
/// @param silenceMillisMax after how long without a heartbeat a member is taken to be gone
/// @param mergeMillis how often a part of a split grid looks for the others
public record GridSettings(
        String clusterName,
        String nodeName,
        String host,
        int port,
        List<String> members,
        int partitionCount,
        int heartbeatMillis,
        int silenceMillisMax,
        int mergeMillis) {
    /// Few partitions make large batches; each costs little memory and one operation per batch. Measured on
    /// 2 cores with 3 members by `GridBenchmark`.
    public static final int PARTITION_COUNT = 83;

    private static final int SECOND_MILLIS = 1_000;
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9._-]+):[0-9]{1,5}");

    public GridSettings {
        members = List.copyOf(members);
        members.forEach(GridSettings::requireAddress);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535: port=" + port);
        }
        if (partitionCount < 1 || partitionCount > 1_021) {
            throw new IllegalArgumentException("1 to 1021 partitions: partitionCount=" + partitionCount);
        }
        if (heartbeatMillis < SECOND_MILLIS || silenceMillisMax < 2 * heartbeatMillis) {
            throw new IllegalArgumentException("heartbeats come at least every second and twice per silence:"
                    + " heartbeatMillis=" + heartbeatMillis + " silenceMillisMax=" + silenceMillisMax);
        }
        if (mergeMillis < SECOND_MILLIS) {
            throw new IllegalArgumentException("parts look for each other once a second at most: mergeMillis="
                    + mergeMillis);
        }
    }

    /// With the defaults: members are noticed as gone after 6 seconds.
    public static GridSettings of(
            String clusterName, String nodeName, String host, int port, List<String> members) {
        return new GridSettings(
                clusterName, nodeName, host, port, members, PARTITION_COUNT, SECOND_MILLIS, 6_000, 5_000);
    }

    static void requireAddress(String member) {
        if (!ADDRESS.matcher(member).matches()) {
            throw new IllegalArgumentException("a member's address is host:port: address=" + member);
        }
    }

    int heartbeatSeconds() {
        return heartbeatMillis / SECOND_MILLIS;
    }

    int silenceSecondsMax() {
        return silenceMillisMax / SECOND_MILLIS;
    }

    int mergeSeconds() {
        return mergeMillis / SECOND_MILLIS;
    }
}
