package io.holdfast.node.benchmark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.local.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Reads of each consistency over the HTTPS API, one at a time, as a program beside the cluster sees them.
///
/// Arguments: a local cluster's directory, seconds per consistency.
public final class ReadBenchmark {
    private static final String SETTING = "/settings/read-benchmark";

    private ReadBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        long nanosPerRun = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        ClusterAccess access = LocalCluster.open(Path.of(arguments[0])).access();
        try (ApiClient client = new ApiClient(access, Duration.ofSeconds(10))) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("value", "x".repeat(100));
            client.call(ApiRequest.put(SETTING, body));
            for (String consistency : List.of("local", "linearizable", "local", "linearizable")) {
                ApiRequest read = ApiRequest.get(SETTING).withQuery("consistency", consistency);
                Histogram histogram = new Histogram(3);
                long started = System.nanoTime();
                while (System.nanoTime() - started < nanosPerRun) {
                    long sent = System.nanoTime();
                    client.call(read);
                    histogram.recordValue(System.nanoTime() - sent);
                }
                print(consistency, histogram);
            }
        }
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    private static void print(String consistency, Histogram histogram) {
        System.out.println(String.format(
                Locale.ROOT, "%-13s reads=%d p50=%.3f ms p99=%.3f ms", consistency, histogram.getTotalCount(),
                histogram.getValueAtPercentile(50) / 1e6, histogram.getValueAtPercentile(99) / 1e6));
    }
}
