package io.holdfast.node.identity;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS 1.3 with the cluster's certificates, and nothing else. Concurrent.
public final class ClusterTls {
    /// The one protocol that every port speaks.
    public static final String PROTOCOL = "TLSv1.3";

    /// A resumed session skips the check of certificates; so sessions live for the shortest time
    /// that JSSE knows (0 would mean for ever).
    private static final int SESSION_SECONDS_MAX = 1;

    private final SSLContext context;

    private ClusterTls(SSLContext context) {
        this.context = context;
    }

    /// For a party with a certificate.
    public static ClusterTls of(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
        return of(new KeyManager[] {keys}, trust);
    }

    /// For a client without a certificate: a joining node, or a user with a token.
    public static ClusterTls anonymous(X509ExtendedTrustManager trust) {
        return of((KeyManager[]) null, trust);
    }

    /// For libraries that make their own engines; its defaults allow TLS 1.3 only.
    public SSLContext context() {
        return context;
    }

    /// What a client or server must set where a library ignores the context's defaults.
    public SSLParameters parameters() {
        return context.getDefaultSSLParameters();
    }

    /// The server's side of one connection; the client must show a certificate.
    public SSLEngine serverEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    /// The client's side of one connection.
    public SSLEngine clientEngine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private static ClusterTls of(KeyManager @Nullable [] keys, X509ExtendedTrustManager trust) {
        try {
            SSLContext all = SSLContext.getInstance(PROTOCOL);
            all.init(keys, new TrustManager[] {trust}, new SecureRandom());
            all.getServerSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
            all.getClientSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
            return new ClusterTls(new Tls13Context(all));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform speaks " + PROTOCOL, e);
        }
    }
}
