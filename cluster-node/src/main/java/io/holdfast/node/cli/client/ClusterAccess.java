package io.holdfast.node.cli.client;

import java.util.List;

/// What it takes to call a cluster.
///
/// @param endpoints `host:port` of nodes' APIs; any of them answers any call
/// @param authorityPem the cluster's certificate authority, the only one that is trusted
/// @param token a user's token
public record ClusterAccess(List<String> endpoints, String authorityPem, String token) {
    public ClusterAccess {
        endpoints = List.copyOf(endpoints);
    }

    /// Leaves the token out, so that it cannot end up in a log.
    @Override
    public String toString() {
        return "ClusterAccess[endpoints=" + endpoints + "]";
    }
}
