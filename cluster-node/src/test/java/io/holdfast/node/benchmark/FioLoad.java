package io.holdfast.node.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A load that fio puts on something, and what fio says about it. Immutable.
///
/// @param name for people
/// @param options of fio
record FioLoad(String name, List<String> options) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    FioLoad(String name, String... options) {
        this(name, List.of(options));
    }

    /// What one run found.
    ///
    /// @param perSecond requests, flushes apart
    /// @param medianMicros of a request, with the flush that follows it if there is one
    /// @param longestMillis the same, the worst
    record Found(double perSecond, double medianMicros, double tailMicros, double longestMillis) {
        String text() {
            return String.format(Locale.ROOT, "%8.0f/s  p50 %6.0f us  p99 %7.0f us  longest %5.0f ms",
                    perSecond, medianMicros, tailMicros, longestMillis);
        }
    }

    /// Runs it against a network block device.
    Found onDevice(String uri, long bytes, int seconds) throws IOException, InterruptedException {
        return run(List.of("--ioengine=nbd", "--uri=" + uri, "--size=" + bytes), seconds);
    }

    /// Runs it against a RADOS block device.
    ///
    /// @param configuration of the Ceph cluster's clients
    /// @param image as `POOL/NAME`
    Found onRados(Path configuration, String image, long bytes, int seconds)
            throws IOException, InterruptedException {
        String[] parts = image.split("/", 2);
        return run(Map.of("CEPH_CONF", configuration.toString()),
                List.of("--ioengine=rbd", "--clientname=admin", "--pool=" + parts[0],
                        "--rbdname=" + parts[1], "--size=" + bytes),
                seconds);
    }

    /// Runs it with these further options.
    Found run(List<String> further, int seconds) throws IOException, InterruptedException {
        return run(Map.of(), further, seconds);
    }

    private Found run(Map<String, String> environment, List<String> further, int seconds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "fio", "--name=one", "--group_reporting", "--output-format=json"));
        if (seconds > 0) {
            command.addAll(List.of("--time_based", "--runtime=" + seconds));
        }
        command.addAll(options);
        command.addAll(further);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process fio = builder.start();
        String output = new String(fio.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = fio.waitFor();
        int begin = output.indexOf('{');
        if (code != 0 || begin < 0) {
            throw new IOException("fio failed: code=" + code + " command=" + command + " output=" + output);
        }
        return read(MAPPER.readTree(output.substring(begin)).path("jobs").path(0));
    }

    private static Found read(JsonNode job) {
        JsonNode kind = job.path(job.path("write").path("total_ios").asLong() > 0 ? "write" : "read");
        JsonNode request = kind.path("clat_ns");
        JsonNode flush = job.path("sync").path("lat_ns");
        return new Found(
                kind.path("iops").asDouble(),
                (percentile(request, "50.000000") + percentile(flush, "50.000000")) / 1e3,
                (percentile(request, "99.000000") + percentile(flush, "99.000000")) / 1e3,
                Math.max(request.path("max").asDouble(), flush.path("max").asDouble()) / 1e6);
    }

    private static double percentile(JsonNode latencies, String which) {
        return latencies.path("percentile").path(which).asDouble();
    }
}
