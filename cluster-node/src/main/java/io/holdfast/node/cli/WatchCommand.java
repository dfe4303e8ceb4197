package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.EventStream;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast watch`: changes as they happen.
@Command(
        name = "watch",
        sortOptions = false,
        description = {
            "Print changes of the cluster as they happen, one JSON document a line, until Ctrl-C.",
            "",
            "Goes on at another node when one is lost, without gaps: each line carries the position to",
            "resume from.",
            "",
            "  holdfast watch --catalog nodes",
            "  holdfast watch --since 1042.3 | jq .key",
            ""
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

    /// A watch that no node has taken for this many tries in a row ends with exit code 5.
    private static final int FAILURES_MAX = 20;

    private final ObjectMapper mapper = new ObjectMapper();

    @Spec
    @Nullable CommandSpec spec;

    @Mixin
    ClusterOptions options = new ClusterOptions();

    @Option(names = "--catalog", paramLabel = "NAME", description = "Only this one, such as nodes or leases.")
    @Nullable String catalog;

    @Option(names = "--since", paramLabel = "POSITION", description = "Resume after it. Default: now.")
    @Nullable String since;

    @Option(names = "--count", paramLabel = "N", description = "End after so many changes.")
    long countMax = Long.MAX_VALUE;

    @Override
    public Integer call() throws CliException, InterruptedException {
        try (ApiClient client = options.connect()) {
            String position = since == null ? "" : since;
            long shown = 0;
            int failures = 0;
            while (shown < countMax) {
                try (EventStream events = client.watch(request(position))) {
                    failures = 0;
                    for (Optional<EventStream.Event> event = events.next();
                            event.isPresent() && shown < countMax;
                            event = events.next()) {
                        position = event.get().id().isEmpty() ? position : event.get().id();
                        print(event.get());
                        shown++;
                    }
                } catch (IOException lost) {
                    failures++;
                } catch (CliException unavailable) {
                    failures++;
                    if (unavailable.exitCode() != ExitCode.UNAVAILABLE || failures > FAILURES_MAX) {
                        throw unavailable;
                    }
                }
                if (shown < countMax) {
                    Pause.of(RECONNECT_PAUSE);
                }
            }
        }
        return ExitCode.OK.number();
    }

    private ApiRequest request(String position) {
        ApiRequest request = ApiRequest.get("/watch");
        if (catalog != null) {
            request = request.withQuery("catalog", catalog);
        }
        return position.isEmpty() ? request : request.withHeader("Last-Event-ID", position);
    }

    private void print(EventStream.Event event) throws IOException {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("position", event.id());
        JsonNode body = mapper.readTree(event.text());
        if (body instanceof ObjectNode fields) {
            line.setAll(fields);
        } else {
            line.set("value", body);
        }
        Outlet.of(spec).text(line + "\n");
    }
}
