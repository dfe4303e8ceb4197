package io.holdfast.node.identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;

/// The cluster's certificate authority with its private key, as voters hold it. Immutable but for
/// the random source; any thread may sign.
public final class CertificateAuthority {
    /// Short, so that a stolen key is soon worthless; rotation at two thirds leaves ten days for
    /// retries.
    public static final Duration NODE_VALIDITY = Duration.ofDays(30);

    public static final Duration USER_VALIDITY = Duration.ofDays(90);
    public static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3_650);

    /// How far a host's clock may lag behind the signer's.
    static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(5);

    private static final int HOST_COUNT_MAX = 32;
    private static final int SERIAL_BITS = 127;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final String cluster;
    private final InstantSource clock;
    private final SecureRandom random;

    private CertificateAuthority(
            X509Certificate certificate, PrivateKey key, InstantSource clock, SecureRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.cluster =
                ClusterCertificate.part(
                        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                        BCStyle.O);
        this.clock = clock;
        this.random = random;
    }

    /// Makes the authority of a new cluster, or the next one of an old cluster.
    public static CertificateAuthority create(
            String cluster, InstantSource clock, SecureRandom random) {
        KeyPair pair = CertificateRequest.generateKeyPair(random);
        X500Name subject = new X500Name("CN=Holdfast authority,O=" + cluster);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        subject,
                        serial(random),
                        Date.from(now.minus(CLOCK_SKEW_MAX)),
                        Date.from(now.plus(AUTHORITY_VALIDITY)),
                        subject,
                        pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return new CertificateAuthority(
                    sign(builder, pair.getPrivate()), pair.getPrivate(), clock, random);
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidIdentityException("cannot make an authority: cluster=" + cluster, e);
        }
    }

    /// The authority whose certificate and key were read from files.
    public static CertificateAuthority of(
            X509Certificate certificate, PrivateKey key, InstantSource clock, SecureRandom random) {
        if (!KeyPairs.belongTogether(certificate.getPublicKey(), key)) {
            throw new CorruptIdentityException(
                    "the authority's key does not belong to its certificate: fingerprint="
                            + Fingerprint.of(certificate));
        }
        return new CertificateAuthority(certificate, key, clock, random);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String cluster() {
        return cluster;
    }

    /// The key's PEM text, for another voter's disk and nothing else.
    public String keyPem() {
        return Pem.ofKey(key);
    }

    /// Signs a node's certificate, valid for [#NODE_VALIDITY]. The name must be the one the node
    /// was admitted under; the hosts are the names and addresses under which it was admitted to be
    /// reached.
    public X509Certificate signNode(
            CertificateRequest request, String name, Collection<String> hosts) {
        return sign(request, ClusterCertificate.Kind.NODE, name, hosts, NODE_VALIDITY);
    }

    /// Signs a user's client certificate, valid for [#USER_VALIDITY].
    public X509Certificate signUser(CertificateRequest request, String name) {
        return sign(request, ClusterCertificate.Kind.USER, name, List.of(), USER_VALIDITY);
    }

    private X509Certificate sign(
            CertificateRequest request,
            ClusterCertificate.Kind kind,
            String name,
            Collection<String> hosts,
            Duration validity) {
        if (request.kind() != kind || !request.name().equals(name)) {
            throw new InvalidIdentityException(
                    "the request asks for somebody else: asked="
                            + request.name()
                            + " askedKind="
                            + request.kind()
                            + " allowed="
                            + name
                            + " allowedKind="
                            + kind);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        certificate,
                        serial(random),
                        Date.from(now.minus(CLOCK_SKEW_MAX)),
                        Date.from(now.plus(validity)),
                        new javax.security.auth.x500.X500Principal(encoded(kind, name)),
                        request.key());
        try {
            addExtensions(builder, kind, name, hosts, request.key());
            return sign(builder, key);
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidIdentityException("cannot sign a certificate: name=" + name, e);
        }
    }

    private void addExtensions(
            JcaX509v3CertificateBuilder builder,
            ClusterCertificate.Kind kind,
            String name,
            Collection<String> hosts,
            PublicKey holder)
            throws GeneralSecurityException, IOException {
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                extensions.createSubjectKeyIdentifier(holder));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(certificate));
        if (kind == ClusterCertificate.Kind.NODE) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(
                            new KeyPurposeId[] {
                                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                            }));
            builder.addExtension(Extension.subjectAlternativeName, false, names(name, hosts));
        } else {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
        }
    }

    private static GeneralNames names(String name, Collection<String> hosts) {
        if (hosts.size() > HOST_COUNT_MAX) {
            throw new InvalidIdentityException(
                    "a node has at most " + HOST_COUNT_MAX + " hosts: count=" + hosts.size());
        }
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.dNSName, name));
        for (String host : hosts) {
            if (IPAddress.isValid(host)) {
                names.add(new GeneralName(GeneralName.iPAddress, host));
            } else if (HostName.isValid(host)) {
                names.add(new GeneralName(GeneralName.dNSName, host));
            } else {
                throw new InvalidIdentityException(
                        "neither a host name nor an address: length=" + host.length());
            }
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private byte[] encoded(ClusterCertificate.Kind kind, String name)
            throws InvalidIdentityException {
        try {
            return ClusterCertificate.subject(kind, name, cluster).getEncoded();
        } catch (IOException e) {
            throw new InvalidIdentityException("cannot encode a subject: name=" + name, e);
        }
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws IOException {
        try {
            return Pem.certificate(
                    builder.build(
                                    new JcaContentSignerBuilder(CertificateRequest.SIGNATURE)
                                            .build(key))
                            .getEncoded());
        } catch (OperatorCreationException e) {
            throw new InvalidIdentityException("the authority's key cannot sign", e);
        }
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }
}
