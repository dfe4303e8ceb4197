package io.holdfast.hostio.nbd;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// How a listener encrypts: TLS 1.3 with the keys and the trust of the context.
///
/// @param required whether a client that does not ask for TLS gets nothing
/// @param clientCertificate whether a client must prove itself by a certificate that the context trusts
public record NbdTls(SSLContext context, boolean required, boolean clientCertificate) {
    /// Nothing without TLS, and no TLS without a trusted certificate.
    public static NbdTls mutual(SSLContext context) {
        return new NbdTls(context, true, true);
    }

    SSLEngine newEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(clientCertificate);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        return engine;
    }
}
