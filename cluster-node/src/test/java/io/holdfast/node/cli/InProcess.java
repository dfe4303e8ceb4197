package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
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
        return MAPPER.readTree(run(words).orThrow().output());
    }

    /// Runs a command to its end, however it ends.
    public static ProcessOutcome run(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        long began = System.nanoTime();
        int code = CliMain.commandLine(new PrintWriter(out), new PrintWriter(err))
                .execute(words.toArray(String[]::new));
        List<String> command = new ArrayList<>(List.of("holdfast"));
        command.addAll(words);
        return new ProcessOutcome(
                command, new ProcessExit.Code(code), out.toString(), err.toString(), 0,
                Duration.ofNanos(System.nanoTime() - began));
    }
}
