package io.holdfast.consensus.ratis;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;

/// Believes whom the given trust manager believes, but only over TLS 1.3: Ratis offers no setting for the
/// protocol. Concurrent if the given one is.
final class Tls13Trust extends X509ExtendedTrustManager {
    private static final String PROTOCOL = "TLSv1.3";

    private final X509ExtendedTrustManager trust;
    private final Runnable onClientRefused;

    Tls13Trust(X509ExtendedTrustManager trust, Runnable onClientRefused) {
        this.trust = trust;
        this.onClientRefused = onClientRefused;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            requireProtocol(engine);
            trust.checkClientTrusted(chain, authType, engine);
        } catch (CertificateException refused) {
            onClientRefused.run();
            throw refused;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        requireProtocol(engine);
        trust.checkServerTrusted(chain, authType, engine);
    }

    private static void requireProtocol(SSLEngine engine) throws CertificateException {
        SSLSession session = engine.getHandshakeSession();
        String protocol = session == null ? "unknown" : session.getProtocol();
        if (!PROTOCOL.equals(protocol)) {
            throw new CertificateException("peers speak TLS 1.3 only: protocol=" + protocol);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("peers are checked on an engine, not on a socket");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("peers are checked on an engine, not on a socket");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("peers are checked on an engine, not without one");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("peers are checked on an engine, not without one");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
