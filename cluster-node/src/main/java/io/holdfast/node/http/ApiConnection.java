package io.holdfast.node.http;

import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.InvalidIdentityException;
import io.vertx.core.http.HttpConnection;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// What is remembered of an open connection. Concurrent.
final class ApiConnection {
    private final Optional<ClusterCertificate> certificate;
    private final AtomicInteger callCount = new AtomicInteger();
    private volatile long idleSinceNanos = System.nanoTime();

    private ApiConnection(Optional<ClusterCertificate> certificate) {
        this.certificate = certificate;
    }

    static ApiConnection of(HttpConnection connection) {
        return new ApiConnection(certificate(connection.sslSession()));
    }

    /// What the client's certificate says, if it showed one; the handshake has verified it.
    Optional<ClusterCertificate> certificate() {
        return certificate;
    }

    void callBegan() {
        callCount.incrementAndGet();
    }

    void callEnded() {
        idleSinceNanos = System.nanoTime();
        callCount.decrementAndGet();
    }

    boolean isIdleFor(Duration time) {
        return callCount.get() == 0 && System.nanoTime() - idleSinceNanos > time.toNanos();
    }

    private static Optional<ClusterCertificate> certificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate shown
                    ? Optional.of(ClusterCertificate.of(shown))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        } catch (InvalidIdentityException e) {
            throw new IllegalStateException(
                    "the handshake let an unknown kind of certificate pass", e);
        }
    }
}
