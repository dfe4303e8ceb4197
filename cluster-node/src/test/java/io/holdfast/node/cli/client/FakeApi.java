package io.holdfast.node.cli.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.holdfast.node.identity.CertificateAuthority;
import io.holdfast.node.identity.CertificateRequest;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An HTTPS listener with a cluster's certificate that answers what a test tells it to. Concurrent.
public final class FakeApi implements AutoCloseable {
    private final HttpsServer listener;
    private final CertificateAuthority authority;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    private record Answer(int status, String type, String body) {}

    /// A request that arrived.
    public record Seen(
            String line, String authorization, String idempotencyKey, String lastEventId, String body) {}

    private FakeApi(HttpsServer listener, CertificateAuthority authority) {
        this.listener = listener;
        this.authority = authority;
    }

    public static FakeApi start() throws Exception {
        return start(CertificateAuthority.create("test", InstantSource.system(), new SecureRandom()));
    }

    public static FakeApi sharingAuthorityOf(FakeApi other) throws Exception {
        return start(other.authority);
    }

    private static FakeApi start(CertificateAuthority authority) throws Exception {
        KeyPair pair = CertificateRequest.generateKeyPair(new SecureRandom());
        CertificateRequest request = CertificateRequest.parse(
                CertificateRequest.create(ClusterCertificate.Kind.NODE, "node-1", pair));
        X509Certificate certificate = authority.signNode(request, "node-1", List.of("127.0.0.1"));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("node", pair.getPrivate(), new char[0], new Certificate[] {certificate});
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(factory.getKeyManagers(), null, null);
        HttpsServer listener =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.setHttpsConfigurator(new HttpsConfigurator(tls));
        FakeApi api = new FakeApi(listener, authority);
        listener.createContext("/", api::handle);
        listener.start();
        return api;
    }

    /// From now on, a request whose line begins so is answered so; the longest beginning wins.
    public void answer(String line, int status, String type, String body) {
        answers.put(line, new Answer(status, type, body));
    }

    public String address() {
        return "127.0.0.1:" + listener.getAddress().getPort();
    }

    public String authorityPem() {
        return Pem.ofCertificates(List.of(authority.certificate()));
    }

    public List<Seen> seen() {
        return seen;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(
                    line,
                    header(exchange, "Authorization"),
                    header(exchange, "Idempotency-Key"),
                    header(exchange, "Last-Event-ID"),
                    body));
            Answer answer = answers.entrySet().stream()
                    .filter(entry -> line.startsWith(entry.getKey()))
                    .max(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(String::length)))
                    .map(Map.Entry::getValue)
                    .orElse(new Answer(404, "application/problem+json", "{\"title\":\"no such thing\"}"));
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /// Answers nobody any more, as a killed node.
    public void stop() {
        listener.stop(0);
    }

    @Override
    public void close() {
        stop();
    }
}
