package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;
import java.util.Optional;

/// A node of the cluster.
///
/// @param number given by the ledger, never to another
/// @param description what it says about itself
/// @param certificate the one it shall use
/// @param certificateBefore the one it used before, accepted until it expires
/// @param state what it takes part in
/// @param joinedMillis when it was last admitted
public record NodeEntry(
        int number,
        NodeDescription description,
        NodeCertificate certificate,
        Optional<NodeCertificate> certificateBefore,
        NodeState state,
        long joinedMillis) {
    public NodeEntry {
        Check.range("a node's number", number, 1, Integer.MAX_VALUE);
        Check.notNegative("a time", joinedMillis);
    }

    public boolean isEvicted() {
        return state instanceof NodeState.Evicted;
    }

    /// Whether a peer that shows this certificate is this node and may be talked to.
    public boolean accepts(String fingerprint) {
        return !isEvicted()
                && (certificate.fingerprint().value().equals(fingerprint)
                        || certificateBefore
                                .map(before -> before.fingerprint().value().equals(fingerprint))
                                .orElse(false));
    }

    NodeEntry withState(NodeState next) {
        return new NodeEntry(number, description, certificate, certificateBefore, next, joinedMillis);
    }

    NodeEntry withDescription(NodeDescription next) {
        return new NodeEntry(number, next, certificate, certificateBefore, state, joinedMillis);
    }

    NodeEntry renewed(NodeCertificate next) {
        return new NodeEntry(number, description, next, Optional.of(certificate), state, joinedMillis);
    }
}
