package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast user`: who may do what.
@Command(
        name = "user",
        synopsisSubcommandLabel = "VERB",
        description = {
            "Users: viewers read, operators work, admins also change users, nodes and settings.",
            ""
        },
        subcommands = UserCommand.Token.class)
final class UserCommand {
    @Spec
    @Nullable CommandSpec spec;

    /// What a user may do, each including the one before.
    enum Role {
        VIEWER,
        OPERATOR,
        ADMIN
    }

    @Command(name = "list", sortOptions = false, description = "List them.")
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.USER.show(options, listing, Outlet.of(spec));
    }

    @Command(
            name = "create",
            sortOptions = false,
            description = {
                "Make a user; give it a token afterwards.",
                "",
                "  holdfast user create ann --role operator && holdfast user token create ann",
                ""
            })
    int create(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "The user's name.") String name,
            @Option(
                            names = "--role",
                            paramLabel = "viewer|operator|admin",
                            defaultValue = "viewer",
                            description = "What it may do. Default: viewer.")
                    Role role)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", name);
        body.put("role", role.name().toLowerCase(Locale.ROOT));
        return change.make(options, ApiRequest.post("/users", body), "made user " + name, Outlet.of(spec));
    }

    @Command(
            name = "set-role",
            sortOptions = false,
            description = {"Change what a user may do.", "", "  holdfast user set-role ann admin", ""})
    int setRole(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(index = "0", paramLabel = "NAME", description = "The user's name.") String name,
            @Parameters(index = "1", paramLabel = "viewer|operator|admin", description = "What it may do.")
                    Role role)
            throws CliException {
        String wanted = role.name().toLowerCase(Locale.ROOT);
        ApiRequest request = ApiRequest.patch(
                Catalog.USER.pathOf(name), JsonNodeFactory.instance.objectNode().put("role", wanted));
        return change.make(options, request, name + " is " + wanted, Outlet.of(spec));
    }

    @Command(
            name = "whoami",
            sortOptions = false,
            description = "Show who you are to the cluster and what you may do.")
    int whoami(@Mixin ClusterOptions options) throws CliException {
        try (ApiClient client = options.connect()) {
            Outlet.of(spec).single(options.format, client.call(ApiRequest.get("/whoami")));
        }
        return ExitCode.OK.number();
    }

    @Command(name = "delete", sortOptions = false, description = "Delete a user and all its tokens.")
    int delete(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "The user's name.") String name)
            throws CliException {
        return change.make(
                options, ApiRequest.delete(
                        Catalog.USER.pathOf(name)), "deleted user " + name, Outlet.of(spec));
    }

    /// `holdfast user token`: what a user authenticates with.
    @Command(
            name = "token",
            synopsisSubcommandLabel = "VERB",
            description = {"A user's tokens.", ""})
    static final class Token {
        @Spec
        @Nullable CommandSpec spec;

        @Command(
                name = "create",
                sortOptions = false,
                description = {
                    "Make a token. It is shown once; the cluster keeps only its hash.",
                    "",
                    "  holdfast user token create ann --expires-days 30 --note laptop",
                    ""
                })
        int create(
                @Mixin ClusterOptions options,
                @Mixin Change change,
                @Parameters(paramLabel = "USER", description = "Whose.") String user,
                @Option(
                                names = "--expires-days",
                                paramLabel = "N",
                                defaultValue = "90",
                                description = "How long it is good for. Default: 90.")
                        int expiresDays,
                @Option(
                                names = "--note",
                                paramLabel = "TEXT",
                                defaultValue = "",
                                description = "What it is for.")
                        String note)
                throws CliException {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("expiresSeconds", expiresDays * 86_400L);
            if (!note.isEmpty()) {
                body.put("note", note);
            }
            return change.makeAndShow(
                    options, ApiRequest.post(Catalog.USER.pathOf(user) + "/tokens", body), Outlet.of(spec));
        }

        @Command(name = "list", sortOptions = false, description = "List a user's tokens.")
        int list(
                @Mixin ReadOptions options,
                @Mixin Catalog.ListOptions listing,
                @Parameters(paramLabel = "USER", description = "Whose.") String user)
                throws CliException, InterruptedException {
            return Catalog.show(
                    Catalog.USER.pathOf(user) + "/tokens",
                    Column.of("id:key", "note", "revoked:isRevoked", "createdMillis", "expiresMillis"),
                    options,
                    listing,
                    Outlet.of(spec));
        }

        @Command(name = "revoke", sortOptions = false, description = "Make a token worthless, at once.")
        int revoke(
                @Mixin ClusterOptions options,
                @Mixin Change change,
                @Parameters(index = "0", paramLabel = "USER", description = "Whose.") String user,
                @Parameters(
                        index = "1",
                        paramLabel = "ID",
                        description = "The token's second part.") String id)
                throws CliException {
            // As the list shows it, USER/ID, it is good too.
            String token = id.substring(id.indexOf('/') + 1);
            String path = Catalog.USER.pathOf(user) + "/tokens/" + ApiRequest.segment(token);
            return change.make(
                    options, ApiRequest.delete(path), "revoked token " + id + " of " + user, Outlet.of(spec));
        }
    }
}
