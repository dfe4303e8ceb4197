package io.holdfast.node.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// What a node is known by: its key, its certificate and the authorities that it trusts. Immutable.
///
/// @param key the private key of the certificate
/// @param certificate this node's
/// @param authorities one authority, or two while one replaces the other; the first signed the
/// certificate
public record NodeIdentity(
        PrivateKey key, X509Certificate certificate, List<X509Certificate> authorities) {
    static final int AUTHORITY_COUNT_MAX = 2;

    public NodeIdentity {
        if (authorities.isEmpty() || authorities.size() > AUTHORITY_COUNT_MAX) {
            throw new CorruptIdentityException(
                    "a node trusts 1 to "
                            + AUTHORITY_COUNT_MAX
                            + " authorities: count="
                            + authorities.size());
        }
        if (!KeyPairs.belongTogether(certificate.getPublicKey(), key)) {
            throw new CorruptIdentityException(
                    "the node's key does not belong to its certificate: subject="
                            + certificate.getSubjectX500Principal().getName());
        }
        authorities = List.copyOf(authorities);
    }

    public ClusterCertificate facts() {
        return ClusterCertificate.of(certificate);
    }

    public String name() {
        return facts().name();
    }

    /// The certificate and the authority that issued it. The authority is sent too, so that a
    /// joining node which knows only its fingerprint can pin it.
    List<X509Certificate> chain() {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate);
        for (X509Certificate authority : authorities) {
            if (isSignedBy(certificate, authority)) {
                chain.add(authority);
            }
        }
        return chain;
    }

    static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (java.security.GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "NodeIdentity[" + facts() + "]";
    }
}
