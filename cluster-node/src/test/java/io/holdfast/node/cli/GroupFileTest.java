package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.holdfast.node.cli.output.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GroupFileTest {
    @TempDir
    private Path folder;

    @Test
    void membersAreWhatTheApiTakes() throws Exception {
        ArrayNode members = read("""
                members:
                  - name: web
                    image: web:v2
                    command: [python3, /app/web.py, 8080]
                    env: {DATABASE: 'localhost:5432', WORKERS: 4}
                    workdir: /app
                    mounts: ['/srv/assets:/assets:ro']
                  - {name: db, rootfs: /srv/db, command: [/bin/db], volumes: ['db-data:/data']}
                """);
        assertEquals(
                "{\"name\":\"web\",\"image\":\"web:v2\",\"workingFolder\":\"/app\","
                        + "\"command\":[\"python3\",\"/app/web.py\",\"8080\"],"
                        + "\"environment\":[{\"name\":\"DATABASE\",\"value\":\"localhost:5432\"},"
                        + "{\"name\":\"WORKERS\",\"value\":\"4\"}],"
                        + "\"mounts\":[{\"kind\":\"folder\",\"source\":\"/srv/assets\","
                        + "\"target\":\"/assets\",\"readOnly\":true}]}",
                members.get(0).toString());
        assertEquals("db-data", members.get(1).path("mounts").path(0).path("source").asText());
        assertEquals("volume", members.get(1).path("mounts").path(0).path("kind").asText());
        assertEquals(members, read("{\"members\": " + """
                [{"name": "web", "image": "web:v2", "command": ["python3", "/app/web.py", "8080"],
                  "env": {"DATABASE": "localhost:5432", "WORKERS": "4"}, "workdir": "/app",
                  "mounts": ["/srv/assets:/assets:ro"]},
                 {"name": "db", "rootfs": "/srv/db", "command": ["/bin/db"], "volumes": ["db-data:/data"]}]}
                """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "members: [                                        | is not YAML",
        "member: []                                        | has no list of members",
        "members: []                                       | has no list of members",
        "{members: [{name: a, image: b}], port: 80}        | has an unknown key: port",
        "members: [{name: a, image: b, comand: [c]}]       | member a has an unknown key: comand",
        "members: [{name: a, image: b}, {image: c}]        | member 2 has no name",
        "members: [{name: a}]                              | member a needs either an image or a rootfs",
        "members: [{name: a, rootfs: /b}]                  | member a has a rootfs and no command",
        "members: [{name: a, image: b, command: c}]        | member a: command is a list",
        "members: [{name: a, image: b, command: [[c]]}]    | member a: command is a list of texts",
        "members: [{name: a, image: b, env: [c]}]          | member a: env is a map",
        "members: [{name: a, image: [b]}]                  | member a: a text is missing for image",
        "members: [{name: a, image: b, mounts: [/c]}]      | a mount is SRC:DST"
    })
    void whatIsWrongIsNamed(String text, String said) {
        CliException refused = assertThrows(CliException.class, () -> read(text));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        CliException refused =
                assertThrows(CliException.class, () -> GroupFile.read(folder.resolve("none.yaml")));
        assertTrue(refused.getMessage().contains("cannot be read: " + folder), refused.getMessage());
    }

    private ArrayNode read(String text) throws IOException, CliException {
        return GroupFile.read(Files.writeString(folder.resolve("group.yaml"), text));
    }
}
