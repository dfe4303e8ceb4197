package io.holdfast.node.cli.client;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// TLS that trusts one certificate authority and no other. Stateless.
final class PinnedTrust {
    private PinnedTrust() {}

    static SSLContext contextFor(String authorityPem) throws CliException {
        try {
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            Certificate authority = certificates.generateCertificate(
                    new ByteArrayInputStream(authorityPem.getBytes(StandardCharsets.US_ASCII)));
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("cluster", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            return contextOf(trust.getTrustManagers());
        } catch (GeneralSecurityException | IOException unusable) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the cluster's CA certificate cannot be read: " + unusable.getMessage(),
                    "fetch it again from a node's folder (ca.pem)",
                    unusable);
        }
    }

    static SSLContext contextFor(X509TrustManager trust) throws CliException {
        try {
            return contextOf(new TrustManager[] {trust});
        } catch (GeneralSecurityException unusable) {
            throw new CliException(ExitCode.FAILED, "no TLS: " + unusable.getMessage(), "", unusable);
        }
    }

    private static SSLContext contextOf(TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust, null);
        return context;
    }
}
