package io.holdfast.node.cli;

import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast lease`: who may write what, until when.
@Command(
        name = "lease",
        synopsisSubcommandLabel = "VERB",
        description = {"Leases: who may write what, until when, with which fencing token.", ""})
final class LeaseCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = {
                    "List them.", "", "  holdfast lease list", "  holdfast lease list -o json --watch", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.LEASE.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(
            @Mixin ReadOptions options,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return Catalog.LEASE.showOne(options, name, Outlet.of(spec));
    }
}
