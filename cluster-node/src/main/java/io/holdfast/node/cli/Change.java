package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import picocli.CommandLine.Option;

/// What every changing command takes, and how it makes its change.
final class Change {
    @Option(
            names = "--dry-run",
            description = "Show the call of the API that would be made, and make none.")
    boolean isDryRun;

    /// Makes the call and shows its answer, or `done` if the answer has no document.
    int make(ClusterOptions options, ApiRequest request, String done, Outlet out) throws CliException {
        if (isDryRun) {
            showInstead(options, request, out);
            return ExitCode.OK.number();
        }
        try (ApiClient client = options.connect()) {
            JsonNode answer = client.call(request);
            if (options.format == OutputFormat.TABLE) {
                out.text(done + "\n");
            } else {
                out.single(options.format, answer.isNull() ? JsonNodeFactory.instance.objectNode() : answer);
            }
        }
        return ExitCode.OK.number();
    }

    /// Makes the call and shows the answer itself, because it holds what the user asked for.
    int makeAndShow(ClusterOptions options, ApiRequest request, Outlet out) throws CliException {
        if (isDryRun) {
            showInstead(options, request, out);
            return ExitCode.OK.number();
        }
        try (ApiClient client = options.connect()) {
            out.single(options.format, client.call(request));
        }
        return ExitCode.OK.number();
    }

    private static void showInstead(ClusterOptions options, ApiRequest request, Outlet out) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.put("method", request.method());
        call.put("path", request.target());
        if (!request.body().isNull()) {
            call.set("body", request.body());
        }
        out.single(options.format, call);
    }
}
