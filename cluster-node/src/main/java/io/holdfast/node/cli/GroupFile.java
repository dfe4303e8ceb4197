package io.holdfast.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A file that names the members of a group, in YAML (or JSON, which is YAML):
///
/// ```
/// members:
///   - name: web
///     image: web:v2                 # or rootfs: /srv/web
///     command: [python3, /app/web.py]
///     env: {DATABASE: localhost:5432}
///     workdir: /app
///     mounts: ["/srv/assets:/assets:ro"]
///   - name: db
///     image: db:v1
///     volumes: ["db-data:/var/lib/db"]
/// ```
final class GroupFile {
    private static final Set<String> KEYS =
            Set.of("name", "image", "rootfs", "command", "env", "workdir", "mounts", "volumes");

    private final Path file;

    private GroupFile(Path file) {
        this.file = file;
    }

    /// The members as the API wants them.
    static ArrayNode read(Path file) throws CliException {
        return new GroupFile(file).members();
    }

    private ArrayNode members() throws CliException {
        JsonNode content;
        try {
            content = YAMLMapper.builder().build().readTree(Files.readString(file));
        } catch (JsonProcessingException malformed) {
            throw wrong("is not YAML: " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw wrong("cannot be read");
        }
        if (content == null || !content.path("members").isArray() || content.path("members").isEmpty()) {
            throw wrong("has no list of members");
        }
        for (String key : keysOf(content)) {
            if (!key.equals("members")) {
                throw wrong("has an unknown key: " + key + "; there is: members");
            }
        }
        ArrayNode members = JsonNodeFactory.instance.arrayNode();
        int number = 1;
        for (JsonNode member : content.path("members")) {
            String whose = "member " + (member.path("name").isTextual()
                    ? member.path("name").asText()
                    : Integer.toString(number));
            members.add(memberOf(member, whose));
            number++;
        }
        return members;
    }

    private ObjectNode memberOf(JsonNode member, String whose) throws CliException {
        for (String key : keysOf(member)) {
            if (!KEYS.contains(key)) {
                throw wrong(whose + " has an unknown key: " + key + "; there are: "
                        + String.join(", ", KEYS.stream().sorted().toList()));
            }
        }
        if (!member.path("name").isTextual()) {
            throw wrong(whose + " has no name");
        }
        if (member.has("image") == member.has("rootfs")) {
            throw wrong(whose + " needs either an image or a rootfs");
        }
        if (member.has("rootfs") && member.path("command").isEmpty()) {
            throw wrong(whose + " has a rootfs and no command: a list of words");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        put(body, "name", member.path("name"), whose);
        put(body, "image", member.path("image"), whose);
        put(body, "rootfs", member.path("rootfs"), whose);
        put(body, "workingFolder", member.path("workdir"), whose);
        ArrayNode command = body.putArray("command");
        texts(member, "command", whose).forEach(command::add);
        ArrayNode variables = body.putArray("environment");
        if (member.has("env") && !member.path("env").isObject()) {
            throw wrong(whose + ": env is a map of names to values");
        }
        member.path("env").properties().forEach(variable -> variables.addObject()
                .put("name", variable.getKey()).put("value", variable.getValue().asText()));
        ArrayNode mounts = body.putArray("mounts");
        for (String mount : texts(member, "mounts", whose)) {
            AppRunCommand.addMount(mounts, "folder", mount);
        }
        for (String volume : texts(member, "volumes", whose)) {
            AppRunCommand.addMount(mounts, "volume", volume);
        }
        return body;
    }

    private static List<String> keysOf(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private void put(ObjectNode body, String field, JsonNode value, String whose) throws CliException {
        if (value.isMissingNode()) {
            return;
        }
        if (!value.isValueNode() || value.isNull()) {
            throw wrong(whose + ": a text is missing for " + field);
        }
        body.put(field, value.asText());
    }

    private List<String> texts(JsonNode member, String key, String whose) throws CliException {
        JsonNode list = member.path(key);
        if (!list.isMissingNode() && !list.isArray()) {
            throw wrong(whose + ": " + key + " is a list");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode each : list) {
            if (!each.isValueNode()) {
                throw wrong(whose + ": " + key + " is a list of texts");
            }
            texts.add(each.asText());
        }
        return texts;
    }

    private CliException wrong(String what) {
        return new CliException(
                ExitCode.USAGE, "the group's file " + what + ": " + file, "holdfast app run --help");
    }
}
