package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast setting`: settings of the whole cluster.
@Command(
        name = "setting",
        synopsisSubcommandLabel = "VERB",
        description = {"Settings of the whole cluster, kept in its ledger.", ""})
final class SettingCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(name = "list", sortOptions = false, description = "List them.")
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.SETTING.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "get", sortOptions = false, description = "Show one.")
    int get(@Mixin ReadOptions options, @Parameters(paramLabel = "KEY", description = "Which.") String key)
            throws CliException {
        return Catalog.SETTING.showOne(options, key, Outlet.of(spec));
    }

    @Command(
            name = "set",
            sortOptions = false,
            description = {"Set one.", "", "  holdfast setting set audit.retention.days 90", ""})
    int set(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(index = "0", paramLabel = "KEY", description = "Which.") String key,
            @Parameters(index = "1", paramLabel = "VALUE", description = "The value.") String value)
            throws CliException {
        ApiRequest request = ApiRequest.put(
                Catalog.SETTING.pathOf(key), JsonNodeFactory.instance.objectNode().put("value", value));
        return change.make(options, request, key + " = " + value, Outlet.of(spec));
    }

    @Command(name = "delete", sortOptions = false, description = "Delete one.")
    int delete(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "KEY", description = "Which.") String key)
            throws CliException {
        return change.make(
                options, ApiRequest.delete(Catalog.SETTING.pathOf(key)), "deleted " + key, Outlet.of(spec));
    }
}
