package io.holdfast.node.identity;

import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// A context whose engines speak TLS 1.3 only. The JDK's own context of that name also offers TLS
/// 1.2, and whoever forgets to narrow an engine would not notice. Socket factories are refused, for
/// they could not be narrowed here; nothing of ours uses them.
final class Tls13Context extends SSLContext {
    Tls13Context(SSLContext all) {
        super(new Narrowed(all), all.getProvider(), ClusterTls.PROTOCOL);
    }

    private static final class Narrowed extends SSLContextSpi {
        private static final String[] PROTOCOLS = {ClusterTls.PROTOCOL};

        private final SSLContext all;

        Narrowed(SSLContext all) {
            this.all = all;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
            throw new IllegalStateException("the context is initialised already");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException("use engines");
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException("use engines");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return narrowed(all.createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return narrowed(all.createSSLEngine(host, port));
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return all.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return all.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return narrowed(all.getDefaultSSLParameters());
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return narrowed(all.getSupportedSSLParameters());
        }

        private static SSLEngine narrowed(SSLEngine engine) {
            engine.setEnabledProtocols(PROTOCOLS);
            return engine;
        }

        private static SSLParameters narrowed(SSLParameters parameters) {
            parameters.setProtocols(PROTOCOLS);
            return parameters;
        }
    }
}
