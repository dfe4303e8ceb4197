package io.holdfast.node.cli;

import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast operation`: long work, its progress, its end.
@Command(
        name = "operation",
        synopsisSubcommandLabel = "VERB",
        description = {"Long work: its progress and its end.", ""})
final class OperationCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = {"List operations.", "", "  holdfast operation list --watch", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.OPERATION.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(@Mixin ReadOptions options, @Parameters(paramLabel = "ID", description = "Which.") String id)
            throws CliException {
        return Catalog.OPERATION.showOne(options, id, Outlet.of(spec));
    }

    @Command(
            name = "cancel",
            sortOptions = false,
            description = {
                "Ask an operation to stop; it ends at its next safe point.",
                "",
                "  holdfast operation cancel 7f3a && holdfast wait operation/7f3a --for state=cancelled",
                ""
            })
    int cancel(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "ID", description = "Which.") String id)
            throws CliException {
        ApiRequest request = ApiRequest.post(Catalog.OPERATION.pathOf(id) + "/cancel");
        return change.make(options, request, "asked operation " + id + " to stop", Outlet.of(spec));
    }
}
