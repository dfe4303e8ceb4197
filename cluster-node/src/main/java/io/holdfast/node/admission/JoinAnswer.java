package io.holdfast.node.admission;

import io.holdfast.gridstate.cluster.Addresses;
import java.util.List;

/// What a joiner gets.
///
/// @param clusterId the cluster it now belongs to
/// @param certificate its certificate in PEM
/// @param authorities whom it shall trust, in PEM
/// @param nodes the cluster's nodes, itself included
public record JoinAnswer(String clusterId, String certificate, String authorities, List<Node> nodes) {
    public JoinAnswer {
        nodes = List.copyOf(nodes);
    }

    /// A node of the cluster.
    public record Node(String name, Addresses addresses, boolean isVoter) {}
}
