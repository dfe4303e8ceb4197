package io.holdfast.gridstate.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority for tests: EC P-256, node certificates with one common name.
public final class TestAuthority {
    private static final char[] PASSWORD = "test".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    public TestAuthority(String name) {
        this.name = name;
        this.keys = newKeys();
        this.certificate = issue(name, keys, name, keys.getPrivate(), days(-1, 30), true);
    }

    /// A valid node certificate.
    public X509ExtendedKeyManager node(String nodeName) {
        return identity(nodeName, days(-1, 7));
    }

    /// A node certificate whose time is over.
    public X509ExtendedKeyManager expired(String nodeName) {
        return identity(nodeName, days(-7, -1));
    }

    /// A certificate that nobody but its owner vouches for.
    public static X509ExtendedKeyManager selfSigned(String nodeName) {
        KeyPair own = newKeys();
        X509Certificate alone = issue(nodeName, own, nodeName, own.getPrivate(), days(-1, 7), false);
        return keyManager(own.getPrivate(), alone);
    }

    /// Trusts this authority and no other.
    public X509ExtendedTrustManager trust() {
        try {
            KeyStore store = emptyStore();
            store.setCertificateEntry("authority", certificate);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509ExtendedKeyManager identity(String nodeName, Validity validity) {
        KeyPair own = newKeys();
        X509Certificate issued = issue(nodeName, own, name, keys.getPrivate(), validity, false);
        return keyManager(own.getPrivate(), issued, certificate);
    }

    private static X509ExtendedKeyManager keyManager(PrivateKey key, X509Certificate... chain) {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("node", key, PASSWORD, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, PASSWORD);
            return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, PASSWORD);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return store;
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate issue(
            String subject,
            KeyPair subjectKeys,
            String issuer,
            PrivateKey issuerKey,
            Validity validity,
            boolean authority) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    new BigInteger(64, RANDOM),
                    Date.from(validity.from()),
                    Date.from(validity.to()),
                    new X500Name("CN=" + subject),
                    subjectKeys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Validity days(int from, int to) {
        Instant now = Instant.now();
        return new Validity(now.plus(Duration.ofDays(from)), now.plus(Duration.ofDays(to)));
    }

    private record Validity(Instant from, Instant to) {}
}
