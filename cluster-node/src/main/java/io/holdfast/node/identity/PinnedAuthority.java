package io.holdfast.node.identity;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts the nodes of the one cluster whose authority a join token names, before the joiner has
/// the authority's certificate: the cluster's nodes send it at the end of their chain. Concurrent.
public final class PinnedAuthority extends X509ExtendedTrustManager {
    private final JoinToken token;
    private volatile @Nullable X509Certificate seen;

    public PinnedAuthority(JoinToken token) {
        this.token = token;
    }

    /// The authority's certificate, once a handshake has shown it.
    public X509Certificate authority() {
        X509Certificate authority = seen;
        if (authority == null) {
            throw new InvalidIdentityException("no node of the cluster has been met yet");
        }
        return authority;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        pinned(chain).checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        pinned(chain).checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        pinned(chain).checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("a joining node serves nobody");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private ClusterTrust pinned(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (token.pins(certificate)) {
                seen = certificate;
                return new ClusterTrust(List.of(certificate), Admission.ALL.nodesOnly());
            }
        }
        throw new CertificateException(
                "this is not the cluster that the join token names: authority="
                        + token.authority()
                        + " certificates="
                        + chain.length);
    }
}
