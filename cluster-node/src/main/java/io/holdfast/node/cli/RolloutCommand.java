package io.holdfast.node.cli;

import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast rollout`: rollouts and their waves.
@Command(
        name = "rollout",
        synopsisSubcommandLabel = "VERB",
        description = {"Rollouts and their waves.", ""})
final class RolloutCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = {
                    "List them.",
                    "",
                    "  holdfast rollout list",
                    "  holdfast rollout list -o json --watch",
                    ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.ROLLOUT.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(
            @Mixin ReadOptions options,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return Catalog.ROLLOUT.showOne(options, name, Outlet.of(spec));
    }
}
