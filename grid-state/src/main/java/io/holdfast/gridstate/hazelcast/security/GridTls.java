package io.holdfast.gridstate.hazelcast.security;

import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The source of TLS engines for the grid's connections: TLS 1.3 only, both sides show a certificate.
/// Immutable; the key and trust managers may change what they answer, and every new connection asks them
/// anew (a rotated key is used from the next connection on).
public final class GridTls {
    private static final String PROTOCOL = "TLSv1.3";

    /// A resumed session would carry the identity of an earlier handshake past a rotation or an eviction.
    private static final int SESSION_SECONDS_MAX = 1;

    private final SSLContext context;
    private final RefusalListener refusals;

    /// Hears of connections from elsewhere that were turned away. Called on an I/O thread; must not block.
    @FunctionalInterface
    public interface RefusalListener {
        /// Called once for each.
        ///
        /// @param address of who connected; empty where that is not known
        /// @param why an [javax.net.ssl.SSLException] if the handshake failed
        void onTurnedAway(Optional<String> address, Exception why);
    }

    public GridTls(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
        this(keys, trust, (_, _) -> {});
    }

    public GridTls(
            X509ExtendedKeyManager keys, X509ExtendedTrustManager trust, RefusalListener refusals) {
        this.refusals = refusals;
        try {
            context = SSLContext.getInstance(PROTOCOL);
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS 1.3: protocol=" + PROTOCOL, e);
        }
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
        context.getServerSessionContext().setSessionCacheSize(1);
    }

    RefusalListener refusals() {
        return refusals;
    }

    SSLEngine engine(boolean clientMode) {
        // Without a peer's address the client side never resumes a session.
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(clientMode);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// The one common name in the certificate that the peer proved to own.
    static String peerName(SSLEngine engine) throws SSLPeerUnverifiedException {
        Certificate[] chain = engine.getSession().getPeerCertificates();
        if (!(chain[0] instanceof X509Certificate certificate)) {
            throw new SSLPeerUnverifiedException("the peer's certificate is not an X.509 certificate");
        }
        return commonName(certificate);
    }

    static String commonName(X509Certificate certificate) throws SSLPeerUnverifiedException {
        String subject = certificate.getSubjectX500Principal().getName();
        List<String> names = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(subject).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            throw refused(subject, e);
        }
        if (names.size() != 1) {
            throw refused(subject, null);
        }
        return names.getFirst();
    }

    private static SSLPeerUnverifiedException refused(
            String subject, @Nullable Throwable cause) {
        SSLPeerUnverifiedException refusal =
                new SSLPeerUnverifiedException("a certificate names exactly one node: subject=" + subject);
        if (cause != null) {
            refusal.initCause(cause);
        }
        return refusal;
    }
}
