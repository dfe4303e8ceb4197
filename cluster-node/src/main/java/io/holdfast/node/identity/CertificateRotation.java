package io.holdfast.node.identity;

import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Replaces this node's certificate after two thirds of its lifetime, with a new key, while
/// connections are open. Confined to whoever calls [#rotateIfDue()] (about once an hour; a failed
/// try is repeated at the next call).
public final class CertificateRotation {
    private final IdentityDirectory directory;
    private final RotatingKeys keys;
    private final ClusterTrust trust;
    private final CertificateIssuer issuer;
    private final InstantSource clock;
    private final SecureRandom random;

    public CertificateRotation(
            IdentityDirectory directory,
            RotatingKeys keys,
            ClusterTrust trust,
            CertificateIssuer issuer,
            InstantSource clock) {
        this.directory = directory;
        this.keys = keys;
        this.trust = trust;
        this.issuer = issuer;
        this.clock = clock;
        this.random = new SecureRandom();
    }

    /// When the certificate in use is to be replaced.
    public Instant due() {
        return keys.identity().facts().rotationDue();
    }

    /// Rotates if it is time; says whether it did.
    public boolean rotateIfDue() throws IOException {
        if (clock.instant().isBefore(due())) {
            return false;
        }
        rotate();
        return true;
    }

    /// Rotates now: asks for a certificate, stores it, and shows it from the next handshake on.
    public void rotate() throws IOException {
        KeyPair pair = CertificateRequest.generateKeyPair(random);
        String name = keys.identity().name();
        Issued issued =
                issuer.issue(CertificateRequest.create(ClusterCertificate.Kind.NODE, name, pair));
        NodeIdentity next =
                new NodeIdentity(pair.getPrivate(), issued.certificate(), issued.authorities());
        if (!next.name().equals(name)) {
            throw new InvalidIdentityException(
                    "the issued certificate names another node: name=" + next.name());
        }
        directory.store(next);
        trust.replaceAuthorities(next.authorities());
        keys.replace(next);
    }

    /// Has a certificate signed by whoever holds the authority's key.
    @FunctionalInterface
    public interface CertificateIssuer {
        /// Sends the request's PEM text and waits for the answer.
        Issued issue(String requestPem) throws IOException;
    }

    /// A signed certificate.
    ///
    /// @param certificate the node's
    /// @param authorities what to trust from now on, the issuer first
    public record Issued(X509Certificate certificate, List<X509Certificate> authorities) {
        public Issued {
            authorities = List.copyOf(authorities);
        }
    }
}
