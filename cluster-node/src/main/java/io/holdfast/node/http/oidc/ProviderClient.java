package io.holdfast.node.http.oidc;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Asks a provider, within bounds: no redirects, no answer that is large, none that takes long. Concurrent.
final class ProviderClient implements ResourceRetriever, AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final long ANSWER_BYTES_MAX = 1 << 20;

    private final HttpClient http;

    /// @param authorities who signs the provider's certificate; none means those that Java trusts
    ProviderClient(List<X509Certificate> authorities) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT_WITHIN)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (!authorities.isEmpty()) {
            builder.sslContext(trusting(authorities));
        }
        this.http = builder.build();
    }

    private static SSLContext trusting(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("authority-" + store.size(), authority);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("certificates of authorities are always taken", e);
        }
    }

    JsonObject get(URI address) throws IOException {
        return object(send(HttpRequest.newBuilder(address).GET()));
    }

    /// Sends a form.
    ///
    /// @param authorization empty for none
    JsonObject post(URI address, String form, String authorization) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return object(send(request));
    }

    /// For the keys, which Nimbus caches.
    @Override
    public Resource retrieveResource(URL address) throws IOException {
        byte[] body = send(HttpRequest.newBuilder(URI.create(address.toString())).GET());
        return new Resource(new String(body, StandardCharsets.UTF_8), "application/json");
    }

    private byte[] send(HttpRequest.Builder request) throws IOException {
        HttpRequest bounded =
                request.timeout(ANSWER_WITHIN).header("Accept", "application/json").build();
        try {
            HttpResponse<byte[]> response = http.send(
                    bounded,
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
            if (response.statusCode() != 200) {
                throw new IOException("the provider refused: status=" + response.statusCode() + " address="
                        + bounded.uri());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the provider was asked", e);
        }
    }

    private static JsonObject object(byte[] body) throws IOException {
        try {
            return new JsonObject(Buffer.buffer(body));
        } catch (DecodeException | ClassCastException malformed) {
            throw new IOException("the provider's answer is no JSON object", malformed);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
