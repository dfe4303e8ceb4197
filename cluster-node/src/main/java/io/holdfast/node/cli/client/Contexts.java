package io.holdfast.node.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The clusters that a user has named, with how to reach them and the user's token: one JSON file that only
/// its owner may read. Confined to one command; the file is replaced in one step.
public final class Contexts {
    private final Path file;
    private final ObjectMapper mapper = new ObjectMapper();

    public Contexts(Path file) {
        this.file = file;
    }

    /// `$XDG_CONFIG_HOME/holdfast/contexts.json`, by default below `~/.config`.
    public static Contexts ofUser() {
        String configured = System.getenv("XDG_CONFIG_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        boolean isDefault = configured == null || configured.isEmpty();
        Path base = isDefault ? home.resolve(".config") : Path.of(configured);
        return new Contexts(base.resolve("holdfast").resolve("contexts.json"));
    }

    public List<String> names() throws CliException {
        return read().path("contexts").properties().stream()
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    public Optional<String> current() throws CliException {
        return Optional.of(read().path("current").asText("")).filter(name -> !name.isEmpty());
    }

    public ClusterAccess access(String name) throws CliException {
        JsonNode context = read().path("contexts").path(name);
        if (context.isMissingNode()) {
            throw noContext(name);
        }
        List<String> endpoints = new ArrayList<>();
        context.path("endpoints").forEach(endpoint -> endpoints.add(endpoint.asText()));
        return new ClusterAccess(
                endpoints,
                context.path("ca").asText(""),
                context.path("token").asText(""));
    }

    /// Adds or replaces a context; the first one is used from then on.
    public void add(String name, ClusterAccess access) throws CliException {
        ObjectNode root = read();
        ObjectNode context = root.withObjectProperty("contexts").putObject(name);
        access.endpoints().forEach(context.putArray("endpoints")::add);
        context.put("ca", access.authorityPem());
        context.put("token", access.token());
        if (root.path("current").asText("").isEmpty()) {
            root.put("current", name);
        }
        write(root);
    }

    public void use(String name) throws CliException {
        ObjectNode root = read();
        if (root.path("contexts").path(name).isMissingNode()) {
            throw noContext(name);
        }
        root.put("current", name);
        write(root);
    }

    public void remove(String name) throws CliException {
        ObjectNode root = read();
        if (root.withObjectProperty("contexts").remove(name) == null) {
            throw noContext(name);
        }
        if (root.path("current").asText("").equals(name)) {
            root.remove("current");
        }
        write(root);
    }

    private static CliException noContext(String name) {
        return new CliException(
                ExitCode.NOT_FOUND, "there is no context '" + name + "'", "see 'holdfast context list'");
    }

    private ObjectNode read() throws CliException {
        if (!Files.exists(file)) {
            return mapper.createObjectNode();
        }
        try {
            if (mapper.readTree(file.toFile()) instanceof ObjectNode root) {
                return root;
            }
            throw new IOException("not a JSON object");
        } catch (IOException unreadable) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the contexts cannot be read: " + unreadable.getMessage(),
                    "mend or delete " + file,
                    unreadable);
        }
    }

    private void write(ObjectNode root) throws CliException {
        try {
            PrivateFile.write(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
        } catch (IOException failed) {
            throw new CliException(
                    ExitCode.FAILED, "the contexts cannot be written: " + failed.getMessage(), "", failed);
        }
    }
}
