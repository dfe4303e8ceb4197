package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.cli.output.Pause;
import io.holdfast.node.cli.output.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast image`: container images that the cluster keeps.
@Command(
        name = "image",
        synopsisSubcommandLabel = "VERB",
        description = {"Container images that the cluster keeps, for every node to run.", ""})
final class ImageCommand {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int PERMILLE = 1_000;

    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "import",
            sortOptions = false,
            description = {
                "Take an image into the cluster, and wait until it is there.",
                "",
                "  holdfast image import /srv/shop.tar --name shop:v2",
                "  holdfast image import registry.example/shop:v2",
                "  holdfast app run shop --image shop:v2 --port 8080",
                "",
                "An OCI layout, as a folder or a tar file, is read by the node that is asked, on its host.",
                ""
            })
    int take(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--name", paramLabel = "NAME[:TAG]",
                    description = "What it is called. Default: as in FILE or REF.")
                    @Nullable String name,
            @Parameters(
                    paramLabel = "FILE|REF",
                    description = "A folder or tar file; oci:/FOLDER[:NAME], oci-archive:/FILE[:NAME]; or"
                            + " HOST[:PORT]/PATH[:TAG|@DIGEST].")
                    String source)
            throws CliException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("reference", referenceOf(source));
        if (name != null) {
            body.put("name", name);
        }
        Outlet out = Outlet.of(spec);
        ApiRequest request = ApiRequest.post("/images", body);
        if (change.isDryRun) {
            return change.make(options, request, "", out);
        }
        try (ApiClient client = options.connect()) {
            JsonNode begun = client.call(request);
            await(client, begun.path("operation").asText());
            String image = begun.path("image").asText();
            if (options.format == OutputFormat.TABLE) {
                out.text("imported " + image + "; run it with: holdfast app run APP --image " + image + "\n");
            } else {
                out.single(options.format, client.call(ApiRequest.get(Catalog.IMAGE.pathOf(image))));
            }
        }
        return ExitCode.OK.number();
    }

    /// Files are what people have; the node wants to know what they are.
    private static String referenceOf(String source) {
        Path path = Path.of(source);
        boolean isHere = !source.contains(":") && Files.exists(path);
        if (!isHere) {
            return source;
        }
        return (Files.isDirectory(path) ? "oci:" : "oci-archive:") + path.toAbsolutePath().normalize();
    }

    private void await(ApiClient client, String operation) throws CliException, InterruptedException {
        ApiRequest request = ApiRequest.get(Catalog.OPERATION.pathOf(operation));
        try (Progress progress = Progress.of(Outlet.specOf(spec).commandLine().getErr())) {
            while (true) {
                JsonNode now = client.call(request);
                String state = now.path("state").asText();
                switch (state) {
                    case "succeeded" -> {
                        return;
                    }
                    case "failed" -> throw new CliException(
                            ExitCode.FAILED,
                            "not imported: " + now.path("reason").asText(),
                            "holdfast operation show " + operation);
                    case "cancelled" -> throw new CliException(
                            ExitCode.FAILED, "not imported: somebody cancelled it", "");
                    default -> progress.show(
                            now.path("permille").asInt(), PERMILLE, now.path("message").asText());
                }
                Pause.of(POLL);
            }
        }
    }

    @Command(name = "list", sortOptions = false,
            description = {"List them.", "", "  holdfast image list", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.IMAGE.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false,
            description = "Show one in full: its parts, where it came from, how many applications use it.")
    int show(
            @Mixin ReadOptions options, @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return Catalog.IMAGE.showOne(options, name, Outlet.of(spec));
    }

    @Command(name = "delete", sortOptions = false,
            description = "Forget one that no application uses; what no other needs is reclaimed later.")
    int delete(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return change.make(
                options, ApiRequest.delete(Catalog.IMAGE.pathOf(name)), "deleted " + name, Outlet.of(spec));
    }
}
