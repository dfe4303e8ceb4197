package io.holdfast.node.peerlink;

import io.holdfast.consensus.PeerId;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.InvalidIdentityException;
import io.holdfast.node.identity.RotatingKeys;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;

import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLPeerUnverifiedException;

/// This node's side of mutual TLS between nodes. Immutable; keys and trust change behind it.
///
/// @param keys what this node shows
/// @param trust whom it lets in; narrowed to nodes here
public record PeerTls(RotatingKeys keys, ClusterTrust trust) {
    public PeerTls {
        trust = trust.nodesOnly();
    }

    NetServerOptions server(PeerLimits limits) {
        NetServerOptions options = new NetServerOptions();
        options.setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setTrustOptions(TrustOptions.wrap(trust))
                .setEnabledSecureTransportProtocols(Set.of(ClusterTls.PROTOCOL))
                .setTcpNoDelay(true)
                .setReuseAddress(true);
        options.setClientAuth(ClientAuth.REQUIRED);
        options.setSslHandshakeTimeout(limits.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        return options;
    }

    /// The other end is recognised by the name in its certificate, not by a host name: nodes move.
    NetClientOptions client(PeerLimits limits) {
        NetClientOptions options = new NetClientOptions();
        options.setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setTrustOptions(TrustOptions.wrap(trust))
                .setEnabledSecureTransportProtocols(Set.of(ClusterTls.PROTOCOL))
                .setTcpNoDelay(true);
        options.setHostnameVerificationAlgorithm("")
                .setConnectTimeout((int) limits.connectTimeout().toMillis());
        options.setSslHandshakeTimeout(limits.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        return options;
    }

    Admission admission() {
        return trust.admission();
    }

    String self() {
        return keys.identity().name();
    }

    /// What the other end's certificate says; the handshake has verified it.
    static ClusterCertificate shownBy(NetSocket socket) {
        try {
            if (socket.peerCertificates().getFirst() instanceof X509Certificate certificate) {
                return ClusterCertificate.of(certificate);
            }
        } catch (SSLPeerUnverifiedException e) {
            throw new InvalidIdentityException("the other end showed no certificate", e);
        }
        throw new InvalidIdentityException("the other end showed no X.509 certificate");
    }

    static PeerId peerOf(ClusterCertificate certificate) {
        try {
            return new PeerId(certificate.name());
        } catch (IllegalArgumentException e) {
            throw new InvalidIdentityException("the other end's name is no node's", e);
        }
    }
}
