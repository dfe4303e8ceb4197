package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.client.Contexts;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast context`: the clusters that this user knows.
@Command(
        name = "context",
        synopsisSubcommandLabel = "VERB",
        description = {
            "The clusters that you know by name, with your token for each.",
            "",
            "Kept in ~/.config/holdfast/contexts.json, which only you can read.",
            "",
            "  holdfast context add blue --endpoint 10.0.0.7:7600 --ca ca.crt --token-file token",
            "  holdfast context use blue",
            ""
        })
final class ContextCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(name = "list", sortOptions = false, description = "List them; the one in use is marked.")
    int list(
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "table|json|yaml",
                            defaultValue = "table",
                            description = "Form of the output. Default: table.")
                    OutputFormat format)
            throws CliException {
        Contexts contexts = Contexts.ofUser();
        String current = contexts.current().orElse("");
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (String name : contexts.names()) {
            ObjectNode item = items.addObject();
            item.put("name", name);
            item.put("used", name.equals(current) ? "*" : "");
            contexts.access(name).endpoints().forEach(item.putArray("endpoints")::add);
        }
        Outlet.of(spec).list(format, Column.of("name", "used", "endpoints"), items);
        return ExitCode.OK.number();
    }

    @Command(
            name = "add",
            sortOptions = false,
            description = "Add a cluster, or replace what is known of it.")
    int add(
            @Parameters(paramLabel = "NAME", description = "Your name for it.") String name,
            @Option(
                            names = "--endpoint",
                            required = true,
                            paramLabel = "HOST:PORT",
                            description = "The API of a node; repeat it for several.")
                    List<String> endpoints,
            @Option(names = "--ca", required = true, paramLabel = "FILE", description = "The cluster's CA.")
                    Path authority,
            @Option(
                            names = "--token-file",
                            required = true,
                            paramLabel = "FILE",
                            description = "Your token; - reads it from standard input.")
                    String tokenFile)
            throws CliException, IOException {
        String token = tokenFile.equals("-")
                ? new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                : Files.readString(Path.of(tokenFile));
        Contexts.ofUser().add(name, new ClusterAccess(endpoints, Files.readString(authority), token.strip()));
        return ExitCode.OK.number();
    }

    @Command(name = "use", sortOptions = false, description = "Use it from now on.")
    int use(@Parameters(paramLabel = "NAME", description = "Which.") String name) throws CliException {
        Contexts.ofUser().use(name);
        return ExitCode.OK.number();
    }

    @Command(name = "show", sortOptions = false, description = "Show it, without the token.")
    int show(@Parameters(paramLabel = "NAME", description = "Which.") String name) throws CliException {
        ClusterAccess access = Contexts.ofUser().access(name);
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.put("name", name);
        access.endpoints().forEach(item.putArray("endpoints")::add);
        item.put("hasToken", !access.token().isEmpty());
        Outlet.of(spec).single(OutputFormat.TABLE, item);
        return ExitCode.OK.number();
    }

    @Command(name = "delete", sortOptions = false, description = "Forget it.")
    int delete(@Parameters(paramLabel = "NAME", description = "Which.") String name) throws CliException {
        Contexts.ofUser().remove(name);
        return ExitCode.OK.number();
    }
}
