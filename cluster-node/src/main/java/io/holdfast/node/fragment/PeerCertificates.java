package io.holdfast.node.fragment;

import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.InvalidIdentityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/// What the other end of a connection showed.
final class PeerCertificates {
    private PeerCertificates() {}

    /// The other end's certificate; the handshake has verified it.
    static ClusterCertificate shownBy(SSLEngine engine) {
        try {
            if (engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
                return ClusterCertificate.of(certificate);
            }
        } catch (SSLPeerUnverifiedException e) {
            throw new InvalidIdentityException("the other end showed no certificate", e);
        }
        throw new InvalidIdentityException("the other end showed no X.509 certificate");
    }
}
