package io.holdfast.node.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/// Requests through the gateway of one node, on a connection that stands already. Concurrent.
final class GatewayCaller implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofMinutes(1);

    private final HttpClient http;
    private final String base;

    /// An answer that has begun.
    ///
    /// @param millis from the request to its first byte
    /// @param start how the instance came to be ready, as the gateway says
    record Begun(double millis, String start, InputStream rest) implements AutoCloseable {
        /// What comes at once of it.
        String firstPart() throws IOException {
            byte[] part = new byte[4_096];
            int length = rest.read(part);
            return new String(part, 0, Math.max(length, 0), US_ASCII);
        }

        @Override
        public void close() throws IOException {
            rest.close();
        }
    }

    GatewayCaller(ClusterAccess access, int node) throws CertificateException {
        X509Certificate authority = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(access.authorityPem().getBytes(US_ASCII)));
        ClusterTls tls = ClusterTls.anonymous(new ClusterTrust(List.of(authority), Admission.ALL));
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.context())
                .sslParameters(tls.parameters())
                .build();
        this.base = "https://" + access.endpoints().get(node);
    }

    Begun get(String path) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        HttpResponse<InputStream> answer = http.send(
                HttpRequest.newBuilder(URI.create(base + path)).timeout(WITHIN).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        double millis = (System.nanoTime() - begun) / 1e6;
        if (answer.statusCode() != 200) {
            throw new IOException("refused: path=" + path + " status=" + answer.statusCode() + " body="
                    + new String(answer.body().readAllBytes(), US_ASCII));
        }
        return new Begun(millis, answer.headers().firstValue("Holdfast-Start").orElse("warm"), answer.body());
    }

    /// Asks for something that costs nothing, so that a connection stands.
    void connect() throws IOException, InterruptedException {
        try (Begun answer = get("/healthz")) {
            byte[] _ = answer.rest().readAllBytes();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
