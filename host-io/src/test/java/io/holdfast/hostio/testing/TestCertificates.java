package io.holdfast.hostio.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority with one server and one client, made by openssl in a folder that has the layout
/// which libnbd, qemu and other users of GnuTLS expect.
public final class TestCertificates {
    private static final String PASSWORD = "test";

    private final Path folder;

    private TestCertificates(Path folder) {
        this.folder = folder;
    }

    /// Makes all keys and certificates; the server is `localhost`.
    public static TestCertificates create(Path folder) throws IOException, InterruptedException {
        HostTool.require("openssl");
        TestCertificates made = new TestCertificates(folder);
        made.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2",
                "-subj", "/CN=test authority", "-keyout", "ca-key.pem", "-out", "ca-cert.pem");
        made.issue("server", "localhost");
        made.issue("client", "a client");
        return made;
    }

    /// Where the PEM files are.
    public Path folder() {
        return folder;
    }

    private void issue(String who, String name) throws IOException, InterruptedException {
        Path extensions = folder.resolve(who + ".ext");
        Files.writeString(extensions, "subjectAltName=DNS:" + name.replace(' ', '-') + ",IP:127.0.0.1\n");
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", "/CN=" + name, "-keyout", who + "-key.pem", "-out", who + ".csr");
        openssl("x509", "-req", "-in", who + ".csr", "-CA", "ca-cert.pem", "-CAkey", "ca-key.pem",
                "-CAcreateserial", "-days", "2", "-extfile", extensions.toString(), "-out",
                        who + "-cert.pem");
        openssl("pkcs12", "-export", "-inkey", who + "-key.pem", "-in", who + "-cert.pem",
                "-passout", "pass:" + PASSWORD, "-out", who + ".p12");
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        for (int i = 0; i < arguments.length; i++) {
            boolean file = arguments[i].matches("[a-z-]+\\.(pem|csr|p12)");
            command[i + 1] = file ? folder.resolve(arguments[i]).toString() : arguments[i];
        }
        HostTool.output(command);
    }

    /// A context with the server's key that trusts the authority.
    public SSLContext serverContext() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("server.p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(own.getKeyManagers(), trust().getTrustManagers(), null);
        return context;
    }

    private TrustManagerFactory trust() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("ca-cert.pem"))) {
            Certificate authority = CertificateFactory.getInstance("X.509").generateCertificate(in);
            trusted.setCertificateEntry("authority", authority);
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }
}
