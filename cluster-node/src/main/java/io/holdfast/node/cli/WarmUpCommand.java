package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.membership.NewCluster;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.cli.output.Rendering;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What `bin/holdfast` runs once to make the command line's ahead-of-time cache: it does what commands do,
/// so that their classes are in the cache, and shows nothing.
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Option(names = "--dir", required = true, description = "An empty folder to work in.")
    @Nullable Path directory;

    @Override
    public Integer call() throws IOException, CliException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (List<String> arguments : List.of(
                List.of("--version"), List.of("--help"), List.of("up", "--help"), List.of(
                        "node", "list", "--help"),
                List.of("completion", "bash"), List.of("doctor", "-o", "json"))) {
            CliMain.commandLine(nowhere, nowhere).execute(arguments.toArray(String[]::new));
        }
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("name", "node-1").put("count", 1);
        for (OutputFormat format : OutputFormat.values()) {
            Rendering.list(format, Column.of("name"), JsonNodeFactory.instance.arrayNode().add(row));
        }
        if (directory != null) {
            callNobody(directory);
        }
        return ExitCode.OK.number();
    }

    /// A call that no node answers runs the same code as one that is answered, up to the handshake.
    private static void callNobody(Path folder) throws IOException, CliException {
        Path config = folder.resolve("node.conf");
        Files.writeString(config, "name = warm\ndata.dir = data\nlisten.host = 127.0.0.1\n");
        NewCluster founded = NewCluster.create(
                NodeCommand.load(config).config(), "warm", new java.security.SecureRandom());
        ClusterAccess access =
                new ClusterAccess(List.of("127.0.0.1:1"), founded.authorityPem(), founded.adminToken());
        try (ApiClient client = new ApiClient(access, Duration.ofSeconds(1))) {
            client.call(ApiRequest.get("/nodes"));
        } catch (CliException expected) {
            if (expected.exitCode() != ExitCode.UNAVAILABLE) {
                throw expected;
            }
        }
    }
}
