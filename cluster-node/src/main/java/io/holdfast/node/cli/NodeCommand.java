package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.membership.Joining;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.config.InvalidConfigException;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.config.NodeConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast node`: one node here, or the nodes of a cluster.
@Command(
        name = "node",
        synopsisSubcommandLabel = "VERB",
        description = {"Nodes: run or join one here; list, drain or evict those of the cluster.", ""})
final class NodeCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "run",
            sortOptions = false,
            description = {
                "Run one node of a cluster, in the foreground, until SIGTERM.",
                "",
                "The node must have founded a cluster (cluster init) or joined one (node join).",
                "",
                "  holdfast node run --config /etc/holdfast/node.conf",
                ""
            })
    int run(
            @Option(
                    names = "--config",
                    required = true,
                    paramLabel = "FILE",
                    description = "Its configuration.")
                    Path config) {
        // bin/holdfast starts the node itself, with a node's JVM flags, when it sees exactly this command.
        Outlet.of(spec).remark("write exactly: holdfast node run --config " + config);
        return ExitCode.USAGE.number();
    }

    @Command(
            name = "config",
            sortOptions = false,
            description = {
                "Print every configuration key with its form, default and meaning; or check a file.",
                "",
                "  holdfast node config > node.conf",
                "  holdfast node config --check node.conf",
                ""
            })
    int config(
            @Option(
                    names = "--check",
                    paramLabel = "FILE",
                    description = "Check it and print what it comes to.")
                    @Nullable Path file)
            throws CliException, IOException {
        Outlet out = Outlet.of(spec);
        if (file == null) {
            out.text(String.join("\n", NodeConfigFile.reference()) + "\n");
        } else {
            out.text(String.join("\n", load(file).listing()) + "\n");
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "join",
            sortOptions = false,
            description = {
                "Let the node of this host join a cluster; start it afterwards with 'node run'.",
                "",
                "  holdfast node join --config node.conf --address 10.0.0.7:7600 --token-file token",
                ""
            })
    int join(
            @Option(
                    names = "--config",
                    required = true,
                    paramLabel = "FILE",
                    description = "Its configuration.")
                    Path config,
            @Option(
                            names = "--address",
                            required = true,
                            paramLabel = "HOST:PORT",
                            description = "The API of any node of the cluster.")
                    String address,
            @Option(names = "--token", paramLabel = "TOKEN", description = "From 'holdfast token create'.")
                    @Nullable String token,
            @Option(
                            names = "--token-file",
                            paramLabel = "FILE",
                            description = "A file that holds it, so that it is in no list of processes.")
                    @Nullable Path tokenFile)
            throws CliException, IOException {
        if ((token == null) == (tokenFile == null)) {
            throw new ParameterException(
                    Outlet.specOf(spec).commandLine(), "give either --token or --token-file");
        }
        String text = token == null ? Files.readString(tokenFile).strip() : token;
        NodeConfig node = load(config).config();
        Joining.join(node, text, address, new SecureRandom(), Duration.ofSeconds(30));
        Outlet.of(spec).text(
                node.name() + " has joined; start it with: holdfast node run --config " + config + "\n");
        return ExitCode.OK.number();
    }

    @Command(
            name = "list",
            sortOptions = false,
            description = {"List the nodes of the cluster.", "", "  holdfast node list --watch", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.NODE.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(
            @Mixin ReadOptions options,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return Catalog.NODE.showOne(options, name, Outlet.of(spec));
    }

    @Command(
            name = "drain",
            sortOptions = false,
            description = {
                "Give a node no new work and move its work away; it stays a member.",
                "",
                "  holdfast node drain node-3 && holdfast wait node/node-3 --for state=draining",
                ""
            })
    int drain(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return change.make(options, post(name, "drain"), "draining " + name, Outlet.of(spec));
    }

    @Command(name = "resume", sortOptions = false, description = "Give a drained node work again.")
    int resume(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return change.make(options, post(name, "resume"), "resumed " + name, Outlet.of(spec));
    }

    @Command(
            name = "maintenance",
            sortOptions = false,
            description = {
                "Say that a node may be away for a while, so that nobody mends its absence.",
                "",
                "  holdfast node maintenance node-3 --reason 'new disk'",
                ""
            })
    int maintenance(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Which.") String name,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "For people.")
                    String reason)
            throws CliException {
        ApiRequest request = post(name, "maintenance", reason);
        return change.make(options, request, name + " is in maintenance", Outlet.of(spec));
    }

    @Command(
            name = "evict",
            sortOptions = false,
            description = {
                "Take a node out of the cluster for good: its certificate is refused from then on.",
                "",
                "  holdfast node evict node-3 --dry-run",
                ""
            })
    int evict(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Which.") String name,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "For people.")
                    String reason)
            throws CliException {
        ApiRequest request = post(name, "evict", reason);
        return change.make(options, request, "evicted " + name, Outlet.of(spec));
    }

    private static ApiRequest post(String name, String verb) {
        return ApiRequest.post(Catalog.NODE.pathOf(name) + "/" + verb);
    }

    private static ApiRequest post(String name, String verb, String reason) {
        return reason.isEmpty()
                ? post(name, verb)
                : ApiRequest.post(
                        Catalog.NODE.pathOf(name) + "/" + verb,
                        JsonNodeFactory.instance.objectNode().put("reason", reason));
    }

    static NodeConfigFile load(Path file) throws CliException, IOException {
        try {
            return NodeConfigFile.load(file);
        } catch (InvalidConfigException wrong) {
            throw new CliException(
                    ExitCode.USAGE, wrong.getMessage(), "all keys: holdfast node config", wrong);
        }
    }
}
