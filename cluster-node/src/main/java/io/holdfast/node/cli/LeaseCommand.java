package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Command(
            name = "release",
            sortOptions = false,
            description = {
                "Take the right away from whoever holds it, at once. It goes on acting unless it looks at",
                "its fencing token.",
                ""
            })
    int release(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--holder", required = true, paramLabel = "HOLDER", description = "Who holds it.")
                    String holder,
            @Option(names = "--token", required = true, paramLabel = "N",
                    description = "Under which fencing token.") long token,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("holder", holder).put("token", token);
        return change.make(options, ApiRequest.post(Catalog.LEASE.pathOf(name) + "/release", body),
                "released " + name, Outlet.of(spec));
    }

    @Command(
            name = "seize",
            sortOptions = false,
            description = "Give it to another holder, under a greater fencing token.")
    int seize(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--holder", required = true, paramLabel = "HOLDER", description = "The new one.")
                    String holder,
            @Option(names = "--ttl-seconds", paramLabel = "N",
                    description = "Until it expires. Default: ${DEFAULT-VALUE}.", defaultValue = "60")
                    long seconds,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("holder", holder)
                .put("ttlMillis", Duration.ofSeconds(seconds).toMillis());
        return change.make(options, ApiRequest.post(Catalog.LEASE.pathOf(name) + "/seize", body),
                "seized " + name, Outlet.of(spec));
    }
}
