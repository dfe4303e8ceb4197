package io.holdfast.node.identity;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/// What a certificate of this cluster says about its holder. The subject is `CN=name, OU=node|user,
/// O=cluster id`.
///
/// @param kind what the holder is
/// @param name the node's or user's name
/// @param cluster the cluster's id
/// @param serial drawn at random by the authority
/// @param notBefore valid from
/// @param notAfter valid until
public record ClusterCertificate(
        Kind kind,
        String name,
        String cluster,
        BigInteger serial,
        Instant notBefore,
        Instant notAfter) {

    /// What a certificate's holder is.
    public enum Kind {
        NODE("node"),
        USER("user");

        private final String unit;

        Kind(String unit) {
            this.unit = unit;
        }

        static Kind ofUnit(String unit) {
            for (Kind kind : values()) {
                if (kind.unit.equals(unit)) {
                    return kind;
                }
            }
            throw new InvalidIdentityException("a subject's unit is node or user: unit=" + unit);
        }
    }

    /// Reads a certificate whose chain has been verified already.
    public static ClusterCertificate of(X509Certificate certificate) {
        X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return new ClusterCertificate(
                Kind.ofUnit(part(subject, BCStyle.OU)),
                part(subject, BCStyle.CN),
                part(subject, BCStyle.O),
                certificate.getSerialNumber(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /// When the holder should ask for the next one: after two thirds of the lifetime, so that a
    /// third is left for retries.
    public Instant rotationDue() {
        Duration lifetime = Duration.between(notBefore, notAfter);
        return notBefore.plus(lifetime.multipliedBy(2).dividedBy(3));
    }

    public String serialText() {
        return serial.toString(16);
    }

    static X500Name subject(Kind kind, String name, String cluster) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, cluster)
                .addRDN(BCStyle.OU, kind.unit)
                .addRDN(BCStyle.CN, name)
                .build();
    }

    static String part(X500Name subject, ASN1ObjectIdentifier attribute) {
        RDN[] parts = subject.getRDNs(attribute);
        if (parts.length != 1 || parts[0].isMultiValued()) {
            throw new InvalidIdentityException(
                    "a subject has each attribute once: attribute="
                            + BCStyle.INSTANCE.oidToDisplayName(attribute)
                            + " count="
                            + parts.length);
        }
        return IETFUtils.valueToString(parts[0].getFirst().getValue());
    }
}
