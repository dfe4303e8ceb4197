package io.holdfast.node.identity;

import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts certificates that one of the cluster's authorities signed, that are in their time, and
/// whose holders the [Admission] lets in. Concurrent: the authorities are one atomic reference,
/// replaced while connections are open.
///
/// A resumed TLS session skips these checks, so whoever accepts connections asks [#admission()]
/// once more with the session's certificate when the handshake is over.
public final class ClusterTrust extends X509ExtendedTrustManager {
    /// How JSSE words an alert that came in.
    private static final String OTHER_END_GAVE_UP = "Received fatal alert";

    private final Admission admission;
    private final AtomicReference<X509ExtendedTrustManager> authorities;
    private final AtomicReference<RefusalListener> listener;

    /// Hears of certificates that were not accepted, and of those who showed none.
    @FunctionalInterface
    public interface RefusalListener {
        /// Called on the thread of the handshake; must not block.
        ///
        /// @param holder whom the certificate names, whether that is true or not; `-` where none was
        ///     shown
        /// @param address of who connected; empty where that is not known
        void onRefused(String holder, Optional<String> address, String reason);
    }

    public ClusterTrust(List<X509Certificate> authorities, Admission admission) {
        this(
                new AtomicReference<>(trusting(authorities)),
                new AtomicReference<>((_, _, _) -> {}),
                admission);
    }

    private ClusterTrust(
            AtomicReference<X509ExtendedTrustManager> authorities,
            AtomicReference<RefusalListener> listener,
            Admission admission) {
        this.authorities = authorities;
        this.listener = listener;
        this.admission = admission;
    }

    /// Tells this one from now on of certificates that connecting parties show in vain, at every
    /// port.
    public void tell(RefusalListener newListener) {
        listener.set(newListener);
    }

    /// Tells of a connection whose handshake failed, unless that was told already, or the other end
    /// gave up, or the line broke: what is left is above all who shows no certificate.
    ///
    /// @param port which of this node's ports it was, such as `peers`
    /// @param address of who connected; empty where that is not known
    public void turnedAway(String port, Optional<String> address, Throwable why) {
        Optional<String> reason = Optional.empty();
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateException || message.contains(OTHER_END_GAVE_UP)) {
                return;
            }
            // A library's own subclasses tell of time that ran out.
            if (cause.getClass() == SSLHandshakeException.class) {
                reason = Optional.of(message);
            }
        }
        reason.ifPresent(known -> turnedAway("-", port, address, known));
    }

    /// Tells of a connection that was turned away after its handshake.
    ///
    /// @param holder whom the certificate names, `-` if there is none
    public void turnedAway(String holder, String port, Optional<String> address, String reason) {
        listener.get().onRefused(holder, address, reason + " port=" + port);
    }

    /// Trusts these authorities from the next handshake on.
    public void replaceAuthorities(List<X509Certificate> certificates) {
        authorities.set(trusting(certificates));
    }

    public Admission admission() {
        return admission;
    }

    /// The same authorities, now and later, with the narrower admission of ports that only nodes
    /// may use.
    public ClusterTrust nodesOnly() {
        return new ClusterTrust(authorities, listener, admission.nodesOnly());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        checkClient(
                chain,
                Optional.empty(),
                () -> authorities.get().checkClientTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClient(
                chain,
                Optional.ofNullable(socket.getInetAddress()).map(InetAddress::getHostAddress),
                () -> authorities.get().checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClient(
                chain,
                Optional.ofNullable(engine.getPeerHost()),
                () -> authorities.get().checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        authorities.get().checkServerTrusted(chain, authType);
        checkAdmitted(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorities.get().checkServerTrusted(chain, authType, socket);
        checkAdmitted(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        authorities.get().checkServerTrusted(chain, authType, engine);
        checkAdmitted(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.get().getAcceptedIssuers();
    }

    private interface AuthorityCheck {
        void run() throws CertificateException;
    }

    private void checkClient(
            X509Certificate[] chain, Optional<String> address, AuthorityCheck check)
            throws CertificateException {
        try {
            check.run();
            checkAdmitted(chain);
        } catch (CertificateException refused) {
            listener.get()
                    .onRefused(
                            chain[0].getSubjectX500Principal().getName(),
                            address,
                            String.valueOf(refused.getMessage()));
            throw refused;
        }
    }

    private void checkAdmitted(X509Certificate[] chain) throws CertificateException {
        ClusterCertificate certificate;
        try {
            certificate = ClusterCertificate.of(chain[0]);
        } catch (InvalidIdentityException e) {
            throw new CertificateException(e.getMessage(), e);
        }
        Optional<String> refusal = admission.refusal(certificate);
        if (refusal.isPresent()) {
            throw new CertificateException(
                    "refused: reason="
                            + refusal.get()
                            + " name="
                            + certificate.name()
                            + " serial="
                            + certificate.serialText());
        }
    }

    private static X509ExtendedTrustManager trusting(List<X509Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager trust : factory.getTrustManagers()) {
                if (trust instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("every Java platform checks X.509 chains");
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new CorruptIdentityException(
                    "cannot trust these authorities: count=" + certificates.size(), e);
        }
    }
}
