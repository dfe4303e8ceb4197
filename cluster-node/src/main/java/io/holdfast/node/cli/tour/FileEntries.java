package io.holdfast.node.cli.tour;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.Pause;
import io.holdfast.node.cli.tour.FolderFiles.FileRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Enters files into the cluster's settings, one entry for each, and reads them back. Concurrent.
final class FileEntries {
    static final String PREFIX = "tour/";
    private static final int WRITER_COUNT = 8;
    private static final int PAGE_ENTRIES = 500;
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);

    private final ObjectMapper mapper = new ObjectMapper();
    private final List<ApiClient> nodes;
    private final String run;
    private final LongAdder retries = new LongAdder();

    /// @param nodes each writes its share
    /// @param run tells this tour's requests from any other's
    FileEntries(List<ApiClient> nodes, String run) {
        this.nodes = List.copyOf(nodes);
        this.run = run;
    }

    /// What may go wrong while the writers are at work.
    interface Interlude {
        void run() throws InterruptedException;
    }

    /// Enters all files through all nodes in turn, several at a time. Each entry is tried, at one node after
    /// the other, until it is acknowledged, always with the same idempotency key. The writer of the one in
    /// the middle plays the interlude, while the others go on.
    ///
    /// @return the moments of the acknowledgements, in order
    List<Long> enter(List<FileRecord> files, Interlude interlude)
            throws CliException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Long> acknowledgedAt = new ArrayList<>();
        Callable<Boolean> writer = () -> {
            for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
                enter(i, files.get(i));
                synchronized (acknowledgedAt) {
                    acknowledgedAt.add(System.nanoTime());
                }
                if (i == files.size() / 2) {
                    interlude.run();
                }
            }
            return true;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < WRITER_COUNT; i++) {
                writers.add(threads.submit(writer));
            }
            for (Future<Boolean> one : writers) {
                await(one);
            }
        }
        return acknowledgedAt.stream().sorted().toList();
    }

    long retryCount() {
        return retries.sum();
    }

    static String keyOf(int number) {
        return PREFIX + String.format(Locale.ROOT, "%05d", number);
    }

    private void enter(int number, FileRecord file) throws CliException, InterruptedException {
        String value = JsonNodeFactory.instance.objectNode()
                .put("path", file.path())
                .put("sizeBytes", file.sizeBytes())
                .put("sha256", file.sha256())
                .toString();
        ApiRequest request = ApiRequest.put(
                        "/settings/" + ApiRequest.segment(keyOf(number)),
                        JsonNodeFactory.instance.objectNode().put("value", value))
                .withHeader("If-None-Match", "*")
                .withIdempotencyKey(run + "-" + number);
        long end = System.nanoTime() + GIVE_UP_AFTER.toNanos();
        for (int attempt = 0; ; attempt++) {
            try {
                nodes.get((number + attempt) % nodes.size()).call(request);
                return;
            } catch (CliException refused) {
                if (refused.exitCode() != ExitCode.UNAVAILABLE || System.nanoTime() - end >= 0) {
                    throw refused;
                }
                retries.increment();
                Pause.of(RETRY_PAUSE);
            }
        }
    }

    /// All entries of the tour as one node gives them.
    Map<String, FileRecord> readBack(ApiClient node, String consistency) throws CliException {
        ApiRequest request = ApiRequest.get("/settings")
                .withQuery("prefix", PREFIX)
                .withQuery("consistency", consistency)
                .withQuery("limit", Integer.toString(PAGE_ENTRIES));
        Map<String, FileRecord> found = new HashMap<>();
        for (JsonNode item : node.list(request, FolderFiles.FILES_MAX + 1)) {
            found.put(item.path("key").asText(), recordOf(item.path("value").asText()));
        }
        return found;
    }

    private FileRecord recordOf(String value) throws CliException {
        try {
            JsonNode record = mapper.readTree(value);
            return new FileRecord(
                    record.path("path").asText(),
                    record.path("sizeBytes").asLong(),
                    record.path("sha256").asText());
        } catch (JsonProcessingException mangled) {
            throw new CliException(
                    ExitCode.FAILED, "an entry is not what was written: " + value, "", mangled);
        }
    }

    private static void await(Future<Boolean> writer) throws CliException, InterruptedException {
        try {
            writer.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof CliException expected) {
                throw expected;
            }
            throw new IllegalStateException("a writer failed", failed.getCause());
        }
    }
}
