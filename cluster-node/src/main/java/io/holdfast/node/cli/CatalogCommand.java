package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast catalog`: every catalog of the cluster, also those without a noun of their own.
@Command(
        name = "catalog",
        synopsisSubcommandLabel = "VERB",
        description = {"All catalogs of the cluster: their names, attributes and records.", ""})
final class CatalogCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = "List the catalogs that you may read, with the attributes for --where.")
    int list(@Mixin ClusterOptions options) throws CliException {
        JsonNode items;
        try (ApiClient client = options.connect()) {
            items = client.call(ApiRequest.get("/catalogs")).path("items");
        }
        Outlet out = Outlet.of(spec);
        if (options.format == OutputFormat.TABLE) {
            ArrayNode rows = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> rows.addObject()
                    .put("name", item.path("name").asText())
                    .put("attributes", attributesOf(item)));
            out.list(options.format, Column.of("name", "attributes"), rows);
        } else {
            out.list(options.format, List.of(), items);
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "records",
            sortOptions = false,
            description = {
                "List the records of a catalog.",
                "",
                "  holdfast catalog records nodes --where state=joined",
                "  holdfast catalog records settings --prefix audit. -o json",
                ""
            })
    int records(
            @Mixin ReadOptions options,
            @Mixin Catalog.ListOptions listing,
            @Parameters(paramLabel = "CATALOG", description = "Which.") String catalog)
            throws CliException, InterruptedException {
        return Catalog.show(pathOf(catalog), List.of(), options, listing, Outlet.of(spec));
    }

    @Command(name = "record", sortOptions = false, description = "Show one record in full.")
    int record(
            @Mixin ReadOptions options,
            @Parameters(index = "0", paramLabel = "CATALOG", description = "Which.") String catalog,
            @Parameters(index = "1", paramLabel = "KEY", description = "Its key.") String key)
            throws CliException {
        try (ApiClient client = options.connect()) {
            String path = pathOf(catalog) + "/" + ApiRequest.segment(key);
            Outlet.of(spec).single(options.format, client.call(options.reading(ApiRequest.get(path))));
        }
        return ExitCode.OK.number();
    }

    private static String pathOf(String catalog) {
        return "/catalogs/" + ApiRequest.segment(catalog);
    }

    private static String attributesOf(JsonNode catalog) {
        return StreamSupport.stream(catalog.path("attributes").spliterator(), false)
                .map(attribute -> attribute.path("name").asText())
                .collect(Collectors.joining(","));
    }
}
