package io.holdfast.node.http.port;

import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeDescription;

import java.time.Duration;
import java.util.List;

/// Admits new nodes; forwards to a node that holds the authority's key where this one does not.
/// Concurrent; blocks.
@FunctionalInterface
public interface JoinDesk {
    /// Uses up the token, signs the certificate and admits the node, all or nothing. Throws
    /// `InvalidIdentityException` for a bad token or request,
    /// `io.holdfast.node.peerlink.PeerRefusedException` for a refusal, or a `ConsensusException`.
    Welcome join(Application application, Duration patience);

    /// What a joining node says.
    ///
    /// @param token the join token's text
    /// @param name the name that it wants
    /// @param certificateRequest PKCS#10 in PEM, signed with its own key
    /// @param description its zone and addresses
    record Application(
            String token, String name, String certificateRequest, NodeDescription description) {
        @Override
        public String toString() {
            return "Application[name=" + name + " description=" + description + "]";
        }
    }

    /// What it gets.
    ///
    /// @param clusterId the cluster it now belongs to
    /// @param certificate its certificate in PEM
    /// @param authorities whom to trust in PEM, the issuer first
    /// @param nodes the cluster's nodes, itself included
    record Welcome(String clusterId, String certificate, String authorities, List<Node> nodes) {
        public Welcome {
            nodes = List.copyOf(nodes);
        }
    }

    /// A node of the cluster.
    ///
    /// @param name its name
    /// @param addresses where it listens
    /// @param isVoter whether it votes
    record Node(String name, Addresses addresses, boolean isVoter) {}
}
