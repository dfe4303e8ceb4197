package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ChangeFollower;
import io.holdfast.node.cli.client.EventStream;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.util.List;
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
    private final ObjectMapper mapper = new ObjectMapper();

    @Spec
    @Nullable CommandSpec spec;

    @Mixin
    ClusterOptions options = new ClusterOptions();

    @Option(
            names = "--catalog",
            paramLabel = "NAME",
            description = "Only this one, such as nodes or leases; repeat it for several.")
    List<String> catalogs = List.of();

    @Option(names = "--since", paramLabel = "POSITION", description = "Resume after it. Default: now.")
    @Nullable String since;

    @Option(names = "--count", paramLabel = "N", description = "End after so many changes.")
    long countMax = Long.MAX_VALUE;

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        try (ApiClient client = options.connect();
                ChangeFollower follower = new ChangeFollower(client, request(), since == null ? "" : since)) {
            long shown = 0;
            while (shown < countMax) {
                EventStream.Event event = follower.next().orElseThrow();
                if (event.type().equals("reset")) {
                    Outlet.of(spec).remark("changes are missing here, the oldest kept is " + event.id());
                } else {
                    print(event);
                    shown++;
                }
            }
        }
        return ExitCode.OK.number();
    }

    private ApiRequest request() {
        ApiRequest request = ApiRequest.get("/watch");
        return catalogs.isEmpty() ? request : request.withQuery("catalog", catalogs);
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
