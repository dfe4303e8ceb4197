package io.holdfast.node.cli;

import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast layer`: layers of container images.
@Command(
        name = "layer",
        synopsisSubcommandLabel = "VERB",
        description = {"Layers of container images.", ""})
final class LayerCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = {
                    "List them.", "", "  holdfast layer list", "  holdfast layer list -o json --watch", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.LAYER.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(
            @Mixin ReadOptions options,
            @Parameters(paramLabel = "DIGEST", description = "Which.") String name)
            throws CliException {
        return Catalog.LAYER.showOne(options, name, Outlet.of(spec));
    }
}
