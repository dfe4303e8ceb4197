package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast token`: join tokens.
@Command(
        name = "token",
        synopsisSubcommandLabel = "VERB",
        description = {"Join tokens: each lets one node into the cluster, once, for a while.", ""})
final class TokenCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(name = "list", sortOptions = false, description = "List those that have not been used.")
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.TOKEN.show(options, listing, Outlet.of(spec));
    }

    @Command(
            name = "create",
            sortOptions = false,
            description = {
                "Make a join token. It is shown once; the cluster keeps only its hash.",
                "",
                "  holdfast token create",
                "  holdfast token create --expires-minutes 10 -o json",
                "",
                "Then, on the new host:",
                "  holdfast node join --config node.conf --address HOST:PORT --token TOKEN",
                ""
            })
    int create(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(
                            names = "--expires-minutes",
                            paramLabel = "N",
                            defaultValue = "60",
                            description = "How long it is good for. Default: 60.")
                    int expiresMinutes,
            @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What it is for.")
                    String note)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("expiresSeconds", expiresMinutes * 60L);
        if (!note.isEmpty()) {
            body.put("note", note);
        }
        return change.makeAndShow(options, ApiRequest.post("/join-tokens", body), Outlet.of(spec));
    }

    @Command(name = "delete", sortOptions = false, description = "Withdraw a token that has not been used.")
    int delete(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "ID", description = "The second part of the token.") String id)
            throws CliException {
        return change.make(
                options,
                ApiRequest.delete(Catalog.TOKEN.pathOf(id)),
                "withdrew join token " + id,
                Outlet.of(spec));
    }
}
