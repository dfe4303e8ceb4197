package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.PrivateFile;
import io.holdfast.node.cli.membership.NewCluster;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast cluster`: the cluster as a whole.
@Command(
        name = "cluster",
        synopsisSubcommandLabel = "VERB",
        description = {"The cluster as a whole.", ""})
final class ClusterCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "init",
            sortOptions = false,
            description = {
                "Found a cluster: its authority, its first node, its first administrator.",
                "",
                "Nothing runs yet afterwards. The token is shown once; the cluster keeps only its hash.",
                "",
                "  holdfast cluster init --config /etc/holdfast/node.conf --name blue --ca ca.crt",
                "  holdfast node run --config /etc/holdfast/node.conf",
                ""
            })
    int init(
            @Option(
                    names = "--config",
                    required = true,
                    paramLabel = "FILE",
                    description = "The first node's.")
                    Path config,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "holdfast",
                            description = "The cluster's name. Default: holdfast.")
                    String name,
            @Option(
                            names = "--ca",
                            paramLabel = "FILE",
                            description = "Where to write the authority's certificate, which clients trust.")
                    @Nullable Path authorityFile,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "table|json|yaml",
                            defaultValue = "table",
                            description = "Form of the output. Default: table.")
                    OutputFormat format)
            throws CliException, IOException {
        NodeConfig node = NodeCommand.load(config).config();
        NewCluster founded = NewCluster.create(node, name, new SecureRandom());
        if (authorityFile != null) {
            PrivateFile.write(authorityFile, founded.authorityPem());
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("clusterId", founded.clusterId());
        document.put("user", NewCluster.ADMIN);
        document.put("token", founded.adminToken());
        if (format != OutputFormat.TABLE) {
            document.put("ca", founded.authorityPem());
        }
        Outlet.of(spec).single(format, document);
        return ExitCode.OK.number();
    }

    @Command(name = "show", sortOptions = false, description = "Show what the cluster says of itself.")
    int show(@Mixin ReadOptions options) throws CliException {
        try (ApiClient client = options.connect()) {
            Outlet.of(spec).single(options.format, client.call(options.reading(ApiRequest.get("/cluster"))));
        }
        return ExitCode.OK.number();
    }
}
