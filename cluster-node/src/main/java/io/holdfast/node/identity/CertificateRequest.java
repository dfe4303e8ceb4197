package io.holdfast.node.identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.regex.Pattern;

/// A certificate signing request (PKCS#10) whose signature has been verified: the asker holds the
/// key. Immutable.
///
/// @param kind what the asker says it is
/// @param name the name it asks for
/// @param key an EC key on the curve P-256
public record CertificateRequest(ClusterCertificate.Kind kind, String name, PublicKey key) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final String CURVE = "secp256r1";
    static final String SIGNATURE = "SHA256withECDSA";
    private static final int CURVE_BITS = 256;

    public CertificateRequest {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidIdentityException(
                    "a name is 1 to 63 characters of a-z, 0-9 and '-', first a letter: length="
                            + name.length());
        }
        if (!(key instanceof ECPublicKey ec)
                || ec.getParams().getCurve().getField().getFieldSize() != CURVE_BITS) {
            throw new InvalidIdentityException(
                    "a key is on the curve P-256: algorithm=" + key.getAlgorithm());
        }
    }

    /// Draws a key pair on P-256.
    public static KeyPair generateKeyPair(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has EC keys on " + CURVE, e);
        }
    }

    /// The request's PEM text, signed with the key that it asks a certificate for.
    public static String create(ClusterCertificate.Kind kind, String name, KeyPair pair) {
        X500Name subject = ClusterCertificate.subject(kind, name, "request");
        try {
            return Pem.ofRequest(
                    new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic())
                            .build(new JcaContentSignerBuilder(SIGNATURE).build(pair.getPrivate()))
                            .getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new InvalidIdentityException(
                    "cannot sign a certificate request: name=" + name, e);
        }
    }

    /// Reads a request and verifies its signature.
    public static CertificateRequest parse(String pem) {
        byte[] der = Pem.request(pem);
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
            PublicKey key = request.getPublicKey();
            X500Name subject = request.getSubject();
            CertificateRequest parsed =
                    new CertificateRequest(
                            ClusterCertificate.Kind.ofUnit(
                                    ClusterCertificate.part(subject, BCStyle.OU)),
                            ClusterCertificate.part(subject, BCStyle.CN),
                            key);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new InvalidIdentityException(
                        "the request is not signed with its key: name=" + parsed.name);
            }
            return parsed;
        } catch (IdentityException e) {
            throw e;
        } catch (GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IOException
                | RuntimeException e) {
            // Bouncy Castle answers damaged structures with many kinds of unchecked exceptions.
            throw new InvalidIdentityException("not a certificate request: bytes=" + der.length, e);
        }
    }
}
