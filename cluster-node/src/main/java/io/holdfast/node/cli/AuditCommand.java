package io.holdfast.node.cli;

import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast audit`: who changed what.
@Command(
        name = "audit",
        synopsisSubcommandLabel = "VERB",
        description = {"The record of every change: who, when, what, with which outcome.", ""})
final class AuditCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = {
                    "List them.", "", "  holdfast audit list", "  holdfast audit list -o json --watch", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.AUDIT.show(options, listing, Outlet.of(spec));
    }

    @Command(
            name = "refused",
            sortOptions = false,
            description = {
                    "List calls that were refused because of who made them.",
                    "",
                    "  holdfast audit refused --where reason=bad-credential",
                    ""})
    int refused(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.REFUSAL.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(
            @Mixin ReadOptions options, @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException {
        return Catalog.AUDIT.showOne(options, name, Outlet.of(spec));
    }
}
