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
    NODE("/nodes", "name:key state zone:description/zone api:description/addresses/api joinedMillis"
            + " certificateUntilMillis:certificate/notAfterMillis"),
    USER("/users", "name:key role tokenCount createdMillis"),
    TOKEN("/join-tokens", "id:key createdBy expiresMillis"),
    APP("/applications", "name:key port:spec/port min:spec/scaling/countMin max:spec/scaling/countMax"
            + " stopped:isStopped placed:placedCount snapshots:snapshotCount"),
    VOLUME("/volumes", "name:key sizeBytes profile snapshots:snapshotCount protected:isProtected"
            + " attachedTo:attachment/node createdMillis"),
    SNAPSHOT("/snapshots", "name:key state origin contentBytes:stored/contentBytes ownBytes:chargedBytes"
            + " sharedBytes:stored/sharedBytes protected:isProtected createdMillis"),
    IMAGE("/images", "name:key manifest:image/manifest/digest origin:image/origin users:userCount"
            + " importedMillis"),
    LAYER("/layers", "digest:key state sizeBytes mediaType"),
    CHUNK("/chunks", "id:key state lengthBytes usefulBytes token"),
    ROLLOUT("/rollouts", "name:key state object:plan/object version:plan/version generation"
            + " moved:progress/moved healthy:progress/healthy unhealthy:progress/unhealthy createdMillis"),
    LEASE("/leases", "name:key holder token expiresMillis"),
    SETTING("/settings", "name:key value version"),
    OPERATION("/operations", "id:key kind target state permille message startedMillis owner"),
    AUDIT("/audit", "index timeMillis user command target outcome"),
    REFUSAL("/audit/refusals", "timeMillis node reason:refused/reason address:refused/address"
            + " caller:refused/caller call:refused/call count:refused/count");

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    /// A page that one call answers; more are fetched page by page.
    private static final int PAGE_ENTRIES_MAX = 500;

    private final String path;
    private final String fields;

    Catalog(String path, String fields) {
        this.path = path;
        this.fields = fields;
    }

    private List<Column> columns() {
        return Column.of(fields.split(" ", -1));
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

        @Option(
                names = "--where",
                paramLabel = "CONDITION",
                description = "Only those of which it holds, such as state=ready or sizeBytes>=4096; repeat "
                        + "it for several. Attributes: holdfast catalog list.")
        List<String> where = List.of();

        @Option(
                names = "--prefix",
                paramLabel = "TEXT",
                description = "Only those whose names begin so.")
        String prefix = "";

        boolean isCut(JsonNode items) {
            return items.size() >= limit;
        }
    }

    /// Shows the list, once or again and again.
    int show(ReadOptions options, ListOptions listing, Outlet out)
            throws CliException, InterruptedException {
        return show(path, columns(), options, listing, out);
    }

    /// Shows any list of the API; without columns a table shows what the rows have.
    static int show(
            String path, List<Column> columns, ReadOptions options, ListOptions listing, Outlet out)
            throws CliException, InterruptedException {
        try (ApiClient client = options.connect()) {
            ApiRequest request = options.reading(requestOf(path, listing));
            JsonNode shown = client.list(request, listing.limit);
            out.list(options.format, columns, shown);
            while (listing.isWatching) {
                Pause.of(WATCH_INTERVAL);
                JsonNode now = client.list(request, listing.limit);
                if (!now.equals(shown)) {
                    shown = now;
                    out.text(options.format == OutputFormat.YAML ? "---\n" : "\n");
                    out.list(options.format, columns, shown);
                }
            }
            if (listing.isCut(shown)) {
                out.remark("there may be more than these " + shown.size() + ": --limit");
            }
        }
        return ExitCode.OK.number();
    }

    private static ApiRequest requestOf(String path, ListOptions listing) {
        String pageSize = Integer.toString(Math.min(listing.limit, PAGE_ENTRIES_MAX));
        ApiRequest request = ApiRequest.get(path).withQuery("limit", pageSize);
        if (!listing.where.isEmpty()) {
            request = request.withQuery("where", listing.where);
        }
        return listing.prefix.isEmpty() ? request : request.withQuery("prefix", listing.prefix);
    }

    /// Shows one thing.
    int showOne(ReadOptions options, String name, Outlet out) throws CliException {
        try (ApiClient client = options.connect()) {
            out.single(options.format, client.call(options.reading(ApiRequest.get(pathOf(name)))));
        }
        return ExitCode.OK.number();
    }
}
