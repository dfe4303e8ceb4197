package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `holdfast login`: a link that opens the web UI as the user whose token the command line has.
@Command(
        name = "login",
        sortOptions = false,
        description = {
            "Print a link that opens the web UI as you; good once, for five minutes.",
            "",
            "  holdfast login",
            "  xdg-open $(holdfast login)",
            ""
        })
final class LoginCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Mixin
    ClusterOptions options = new ClusterOptions();

    @Override
    public Integer call() throws CliException {
        ClusterAccess access = options.access();
        try (ApiClient client = new ApiClient(access, Duration.ofSeconds(options.timeoutSeconds))) {
            JsonNode link = client.call(ApiRequest.post("/login-links"));
            String address = "https://" + access.endpoints().getFirst() + link.path("path").asText();
            if (options.format == OutputFormat.TABLE) {
                Outlet.of(spec).text(address + "\n");
            } else {
                ObjectNode document = JsonNodeFactory.instance.objectNode();
                document.put("link", address).set("expires", link.path("expires"));
                Outlet.of(spec).single(options.format, document);
            }
        }
        return ExitCode.OK.number();
    }
}
