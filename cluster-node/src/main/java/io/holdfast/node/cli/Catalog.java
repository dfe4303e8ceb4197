package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.cli.output.Pause;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// The lists that the API offers, each under the noun by which the command line knows it.
enum Catalog {
    NODE("/nodes"),
    USER("/users"),
    TOKEN("/join-tokens"),
    SNAPSHOT("/snapshots"),
    LAYER("/layers"),
    CHUNK("/chunks"),
    ROLLOUT("/rollouts"),
    LEASE("/leases"),
    SETTING("/settings"),
    OPERATION("/operations"),
    AUDIT("/audit");

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    /// A page that one call answers; more are fetched page by page.
    private static final int PAGE_ENTRIES_MAX = 500;

    private final String path;
    private final String fields;

    /// Without fields named, a table shows those that the rows have.
    Catalog(String path) {
        this(path, "");
    }

    Catalog(String path, String fields) {
        this.path = path;
        this.fields = fields;
    }

    private List<Column> columns() {
        return fields.isEmpty() ? List.of() : Column.of(fields.split(" ", -1));
    }

    /// The catalog of a noun, in singular or plural.
    static Optional<Catalog> ofNoun(String noun) {
        String singular = noun.endsWith("s") ? noun.substring(0, noun.length() - 1) : noun;
        return Arrays.stream(values()).filter(catalog -> catalog.noun().equals(singular)).findFirst();
    }

    static String nouns() {
        return Arrays.stream(values()).map(Catalog::noun).collect(Collectors.joining(", "));
    }

    String noun() {
        return name().toLowerCase(Locale.ROOT);
    }

    String pathOf(String name) {
        return path + "/" + ApiRequest.segment(name);
    }

    /// What every `list` takes.
    static final class ListOptions {
        @Option(names = "--limit", paramLabel = "N", description = "Most entries shown. Default: 1000.")
        int limit = 1000;

        @Option(
                names = {"-w", "--watch"},
                description = "Show the list again whenever it changes, until Ctrl-C.")
        boolean isWatching;
    }

    /// Shows the list, once or again and again.
    int show(ClusterOptions options, ListOptions listing, Outlet out)
            throws CliException, InterruptedException {
        try (ApiClient client = options.connect()) {
            JsonNode shown = list(client, listing.limit);
            print(options.format, shown, out);
            while (listing.isWatching) {
                Pause.of(WATCH_INTERVAL);
                JsonNode now = list(client, listing.limit);
                if (!now.equals(shown)) {
                    shown = now;
                    out.text(options.format == OutputFormat.YAML ? "---\n" : "\n");
                    print(options.format, shown, out);
                }
            }
        }
        return ExitCode.OK.number();
    }

    JsonNode list(ApiClient client, int limit) throws CliException {
        String pageSize = Integer.toString(Math.min(limit, PAGE_ENTRIES_MAX));
        return client.list(ApiRequest.get(path).withQuery("limit", pageSize), limit);
    }

    /// Shows one thing.
    int showOne(ClusterOptions options, String name, Outlet out) throws CliException {
        try (ApiClient client = options.connect()) {
            out.single(options.format, client.call(ApiRequest.get(pathOf(name))));
        }
        return ExitCode.OK.number();
    }

    private void print(OutputFormat format, JsonNode items, Outlet out) {
        out.list(format, columns(), items);
    }
}
