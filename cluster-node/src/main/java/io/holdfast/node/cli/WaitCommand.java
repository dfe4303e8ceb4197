package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.Pause;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast wait`: until something is so.
@Command(
        name = "wait",
        sortOptions = false,
        description = {
            "Wait until something is so; exit code 0 when it is, 5 when the time ran out.",
            "",
            "  holdfast wait ready",
            "  holdfast wait node/node-3 --for state=draining",
            "  holdfast wait lease/backup --for deleted --for-seconds 120",
            ""
        })
final class WaitCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String DELETED = "deleted";

    @Spec
    @Nullable CommandSpec spec;

    @Mixin
    ReadOptions options = new ReadOptions();

    @Parameters(paramLabel = "ready|NOUN/NAME", description = "What is waited for.")
    String subject = "";

    @Option(
            names = "--for",
            paramLabel = "FIELD=VALUE",
            description = "What must be so, or: deleted, exists.")
    String condition = "exists";

    @Option(names = "--for-seconds", paramLabel = "N", description = "How long to wait. Default: 60.")
    int deadlineSeconds = 60;

    @Override
    public Integer call() throws CliException, InterruptedException {
        ApiRequest request = requestOf(subject);
        long end = System.nanoTime() + Duration.ofSeconds(deadlineSeconds).toNanos();
        try (ApiClient client = options.connect()) {
            String last = look(client, request);
            while (!last.isEmpty()) {
                if (System.nanoTime() - end >= 0) {
                    throw new CliException(
                            ExitCode.UNAVAILABLE,
                            subject + " is not so after " + deadlineSeconds + " s: " + last,
                            "wait longer with --for-seconds");
                }
                Pause.of(POLL);
                last = look(client, request);
            }
        }
        return ExitCode.OK.number();
    }

    private ApiRequest requestOf(String text) {
        if (text.equals("ready")) {
            return ApiRequest.get("/readyz");
        }
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new ParameterException(
                    Outlet.specOf(spec).commandLine(), "write what to wait for as ready or NOUN/NAME");
        }
        return Catalog.ofNoun(text.substring(0, slash))
                .map(catalog -> options.reading(ApiRequest.get(catalog.pathOf(text.substring(slash + 1)))))
                .orElseThrow(() -> new ParameterException(
                        Outlet.specOf(spec).commandLine(), "unknown noun, known are: " + Catalog.nouns()));
    }

    /// Empty when it is so, otherwise how it is.
    private String look(ApiClient client, ApiRequest request) throws CliException {
        try {
            JsonNode now = client.call(request);
            return condition.equals(DELETED) ? "it still exists" : compare(now);
        } catch (CliException refused) {
            return switch (refused.exitCode()) {
                case NOT_FOUND -> condition.equals(DELETED) ? "" : "there is no such thing";
                case UNAVAILABLE -> refused.getMessage();
                case OK, FAILED, USAGE, CONFLICT, DENIED -> throw refused;
            };
        }
    }

    private String compare(JsonNode now) {
        int equals = condition.indexOf('=');
        if (equals < 1) {
            return "";
        }
        String field = condition.substring(0, equals);
        String wanted = condition.substring(equals + 1);
        String found = now.at("/" + field.replace('.', '/')).asText("");
        return found.equalsIgnoreCase(wanted) ? "" : field + "=" + found;
    }
}
