package io.holdfast.node;

import io.holdfast.consensus.ratis.LedgerConfig;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.hazelcast.security.GridTls;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.Fingerprint;
import io.holdfast.node.identity.IdentityDirectory;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.RotatingKeys;
import io.holdfast.node.membership.NodeRoster;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Who this node is and whom it lets in.
///
/// @param directory where its key and certificate are kept
/// @param keys what it shows to others
/// @param roster whom the ledger knows
/// @param trust whom it lets in: those an authority signed for, and whom the roster does not refuse
record IdentityParts(IdentityDirectory directory, RotatingKeys keys, NodeRoster roster, ClusterTrust trust) {
    static IdentityParts load(NodeConfig config, InstantSource clock) throws IOException {
        IdentityDirectory directory = IdentityDirectory.open(config.dataDirectory().resolve("identity"));
        if (!directory.exists()) {
            throw new IOException("this node belongs to no cluster yet: data.dir=" + config.dataDirectory()
                    + "; found one with 'holdfast cluster init' or join one with 'holdfast node join'");
        }
        NodeIdentity identity = directory.load();
        if (!identity.name().equals(config.name())) {
            throw new IOException("the certificate in the data directory is another node's: expected name="
                    + config.name() + " found name=" + identity.name());
        }
        RotatingKeys keys = new RotatingKeys(identity);
        NodeRoster roster =
                new NodeRoster(clock, identity.name(), () -> keys.identity().facts().serialText());
        ClusterTrust trust = new ClusterTrust(identity.authorities(), roster);
        return new IdentityParts(directory, keys, roster, trust);
    }

    /// Mutual TLS between nodes at the ledger's port.
    LedgerConfig.Tls ledgerTls() {
        return new LedgerConfig.Tls(keys, trust, () -> trust.turnedAway(
                "-", "ledger", Optional.empty(), "ended before a certificate was looked at"));
    }

    /// Mutual TLS between nodes at the grid's port.
    GridTls gridTls() {
        return new GridTls(keys, trust.nodesOnly(), (address, why) -> {
            if (why instanceof SSLException) {
                trust.turnedAway("grid", address, why);
            } else {
                trust.turnedAway("-", "grid", address, String.valueOf(why.getMessage()));
            }
        });
    }

    /// The certificate in use, as the ledger registers it.
    NodeCertificate certificate() {
        NodeIdentity identity = keys.identity();
        ClusterCertificate facts = identity.facts();
        return new NodeCertificate(
                facts.serialText(),
                new Sha256(Fingerprint.of(identity.certificate())),
                facts.notAfter().toEpochMilli());
    }
}
