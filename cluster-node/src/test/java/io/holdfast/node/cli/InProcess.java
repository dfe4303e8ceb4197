package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line without a process of its own, for tests that make many calls and are about something
/// else: a call takes a tenth of the time.
public final class InProcess {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private InProcess() {}

    /// What a command for the cluster in the folder prints as JSON; fails unless it succeeds.
    public static JsonNode json(Path directory, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        int dashes = words.indexOf("--");
        words.addAll(
                dashes < 0 ? words.size() : dashes, List.of("-o", "json", "--dir", directory.toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = CliMain.commandLine(new PrintWriter(out), new PrintWriter(err))
                .execute(words.toArray(String[]::new));
        if (code != 0) {
            throw new AssertionError("holdfast " + words + " ended with " + code + ": " + err + out);
        }
        return MAPPER.readTree(out.toString());
    }
}
