package io.holdfast.node.cli;

import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast chunk`: the chunk map.
@Command(
        name = "chunk",
        synopsisSubcommandLabel = "VERB",
        description = {"Chunks: where the fragments of stored data are.", ""})
final class ChunkCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = {
                    "List them.", "", "  holdfast chunk list", "  holdfast chunk list -o json --watch", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.CHUNK.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(
            @Mixin ReadOptions options, @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException {
        return Catalog.CHUNK.showOne(options, name, Outlet.of(spec));
    }
}
