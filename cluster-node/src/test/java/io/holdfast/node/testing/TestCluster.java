package io.holdfast.node.testing;

import io.holdfast.node.identity.CertificateAuthority;
import io.holdfast.node.identity.CertificateRequest;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.Pem;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// A cluster's authority and the identities that it hands out, made at a given time. Immutable.
public final class TestCluster {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final CertificateAuthority authority;

    private TestCluster(CertificateAuthority authority) {
        this.authority = authority;
    }

    public static TestCluster now(String name) {
        return at(name, InstantSource.system());
    }

    public static TestCluster at(String name, InstantSource clock) {
        return new TestCluster(CertificateAuthority.create(name, clock, RANDOM));
    }

    public static TestCluster of(CertificateAuthority authority) {
        return new TestCluster(authority);
    }

    /// The same authority, signing as if it were another time.
    public TestCluster at(Instant time) {
        return new TestCluster(
                CertificateAuthority.of(
                        authority.certificate(),
                        keyOf(authority),
                        InstantSource.fixed(time),
                        RANDOM));
    }

    /// An authority's own key.
    public static PrivateKey keyOf(CertificateAuthority authority) {
        return Pem.key(authority.keyPem());
    }

    public CertificateAuthority authority() {
        return authority;
    }

    public NodeIdentity node(String name) {
        KeyPair pair = CertificateRequest.generateKeyPair(RANDOM);
        CertificateRequest request =
                CertificateRequest.parse(
                        CertificateRequest.create(ClusterCertificate.Kind.NODE, name, pair));
        return new NodeIdentity(
                pair.getPrivate(),
                authority.signNode(request, name, List.of("127.0.0.1", "localhost")),
                List.of(authority.certificate()));
    }

    public NodeIdentity user(String name) {
        KeyPair pair = CertificateRequest.generateKeyPair(RANDOM);
        CertificateRequest request =
                CertificateRequest.parse(
                        CertificateRequest.create(ClusterCertificate.Kind.USER, name, pair));
        return new NodeIdentity(
                pair.getPrivate(),
                authority.signUser(request, name),
                List.of(authority.certificate()));
    }
}
