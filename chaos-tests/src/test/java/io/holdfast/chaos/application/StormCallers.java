package io.holdfast.chaos.application;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.HistoryRecorder;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Callers that ask an application on and on, at any node's gateway, and write down what came of it.
final class StormCallers implements AutoCloseable {
    private static final int PAUSE_MILLIS_MAX = 40;

    /// After a refusal nobody asks again at once.
    private static final int REFUSED_PAUSE_MILLIS = 200;
    private static final int REQUESTS_MAX = 1_000_000;
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

    private final HttpClient http;
    private final ClusterAccess access;
    private final String application;
    private final HistoryRecorder<String, String> recorder;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Integer>> callers = new ArrayList<>();
    private volatile boolean isSilent;
    private volatile boolean isOver;

    private StormCallers(HttpClient http, ClusterAccess access, String application) {
        this.http = http;
        this.access = access;
        this.application = application;
        this.recorder = new HistoryRecorder<>(System::nanoTime, REQUESTS_MAX, request -> {
            if (request.isOk()) {
                answered.incrementAndGet();
            }
        });
    }

    static StormCallers start(ClusterAccess access, String application, int count, long seed)
            throws GeneralSecurityException {
        StormCallers storm = new StormCallers(client(access), access, application);
        for (int caller = 0; caller < count; caller++) {
            int number = caller;
            Random random = new Random(seed + number);
            storm.callers.add(storm.threads.submit(() -> storm.askOnAndOn(number, random)));
        }
        return storm;
    }

    /// Throws what ended a caller, if something did.
    void requireAll() throws InterruptedException, ExecutionException {
        for (Future<Integer> caller : callers) {
            if (caller.isDone()) {
                caller.get();
            }
        }
    }

    int asked() {
        return asked.get();
    }

    long answered() {
        return answered.get();
    }

    /// Nobody asks for so long.
    void rest(int millis) {
        isSilent = true;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        isSilent = false;
    }

    /// Ends the callers; what went wrong in one of them is thrown.
    History<String, String> end() throws InterruptedException, ExecutionException {
        isOver = true;
        for (Future<Integer> caller : callers) {
            caller.get();
        }
        return recorder.history();
    }

    /// How many requests this caller has made.
    private int askOnAndOn(int caller, Random random) throws InterruptedException {
        int made = 0;
        while (!isOver) {
            boolean isRefused = false;
            if (!isSilent) {
                String name = "q" + asked.getAndIncrement();
                String node = access.endpoints().get(random.nextInt(access.endpoints().size()));
                isRefused = !ask("https://" + node + "/apps/" + application + "/", caller, name);
                made++;
            }
            int pause = isRefused ? REFUSED_PAUSE_MILLIS : 1 + random.nextInt(PAUSE_MILLIS_MAX);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
        }
        return made;
    }

    /// Whether it was answered.
    private boolean ask(String address, int caller, String name) throws InterruptedException {
        HistoryRecorder<String, String>.Call call = recorder.invoke(caller, application, name);
        try {
            // A GET would be repeated by this client itself when its connection breaks.
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(address)).header("Test-Id", name)
                            .POST(HttpRequest.BodyPublishers.noBody()).timeout(ANSWER_WITHIN).build(),
                    HttpResponse.BodyHandlers.ofString(US_ASCII));
            return switch (answer.statusCode()) {
                case 200 -> {
                    call.ok(answer.body());
                    yield true;
                }
                case 503 -> {
                    boolean saysWhen = answer.headers().firstValue("Retry-After").isPresent();
                    if (!saysWhen && !answer.body().contains("\"stopped\"")) {
                        throw new AssertionError("a refusal that does not say when: " + answer.body());
                    }
                    call.failed(answer.body());
                    yield false;
                }
                case 502 -> {
                    call.unknown(answer.body());
                    yield false;
                }
                default -> throw new AssertionError(name + ": " + answer.statusCode() + " " + answer.body());
            };
        } catch (IOException nodeDied) {
            call.unknown(nodeDied.toString());
            return false;
        }
    }

    private static HttpClient client(ClusterAccess access) throws GeneralSecurityException {
        X509Certificate authority = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(access.authorityPem().getBytes(US_ASCII)));
        ClusterTls tls = ClusterTls.anonymous(new ClusterTrust(List.of(authority), Admission.ALL));
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.context())
                .sslParameters(tls.parameters())
                .build();
    }

    @Override
    public void close() {
        isOver = true;
        threads.shutdownNow();
        http.close();
    }
}
