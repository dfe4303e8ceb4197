package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;
import java.util.Optional;

/// What a node says about itself.
///
/// @param zone the failure zone that it stands in
/// @param addresses where it listens
/// @param wantsVote whether it shall vote rather than others
/// @param level the newest format that it understands
/// @param endpoints its further ports, by service
public record NodeDescription(
        String zone, Addresses addresses, boolean wantsVote, int level, List<Endpoint> endpoints) {
    /// Endpoints of one node.
    public static final int ENDPOINTS_MAX = 16;

    public NodeDescription {
        Check.name("a zone", zone);
        Check.range("a level", level, 1, 255);
        endpoints = Check.atMost("a node's endpoints", endpoints, ENDPOINTS_MAX);
    }

    public NodeDescription(String zone, Addresses addresses, boolean wantsVote, int level) {
        this(zone, addresses, wantsVote, level, List.of());
    }

    /// The address of a service, if the node has it.
    public Optional<String> endpoint(String service) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.service().equals(service))
                .map(Endpoint::address)
                .findFirst();
    }
}
