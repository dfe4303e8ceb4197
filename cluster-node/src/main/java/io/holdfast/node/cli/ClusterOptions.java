package io.holdfast.node.cli;

import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.client.Contexts;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which cluster a command speaks to and how it shows the answer; mixed into every such command.
class ClusterOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            description = "Form of the output. Default: table.")
    OutputFormat format = OutputFormat.TABLE;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "A cluster on this machine, made by 'holdfast up'. Default: $HOLDFAST_DIR.")
    @Nullable Path directory;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "One of 'holdfast context'. Default: $HOLDFAST_CONTEXT, or the one in use.")
    @Nullable String context;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long a call may take. Default: 30.")
    int timeoutSeconds = 30;

    ApiClient connect() throws CliException {
        return new ApiClient(access(), Duration.ofSeconds(timeoutSeconds));
    }

    /// What was named most closely wins: `--dir`, `--context`, the environment, the context in use, the
    /// default local cluster.
    ClusterAccess access() throws CliException {
        Path named = directory;
        if (named != null) {
            return LocalCluster.open(named).access();
        }
        Contexts contexts = Contexts.ofUser();
        String contextName = context;
        if (contextName != null) {
            return contexts.access(contextName);
        }
        String environmentDirectory = System.getenv("HOLDFAST_DIR");
        if (environmentDirectory != null) {
            return LocalCluster.open(Path.of(environmentDirectory)).access();
        }
        Optional<String> used = Optional.ofNullable(System.getenv("HOLDFAST_CONTEXT"));
        if (used.isEmpty()) {
            used = contexts.current();
        }
        if (used.isPresent()) {
            return contexts.access(used.get());
        }
        if (LocalCluster.exists(LocalCluster.defaultDirectory())) {
            return LocalCluster.open(LocalCluster.defaultDirectory()).access();
        }
        throw new CliException(
                ExitCode.USAGE,
                "no cluster is named, none is in use, and none runs on this machine",
                "start one here with 'holdfast up', or name one with 'holdfast context add'");
    }

    /// The local cluster's folder: `--dir`, the environment, or the default.
    static Path localDirectory(@Nullable Path named) {
        if (named != null) {
            return named;
        }
        String environmentDirectory = System.getenv("HOLDFAST_DIR");
        return environmentDirectory == null ? LocalCluster.defaultDirectory() : Path.of(environmentDirectory);
    }
}
