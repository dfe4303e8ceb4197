package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.holdfast.node.cli.output.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CliMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    /// The golden file is the whole help: what a command says of itself changes only on purpose. After such
    /// a change the test leaves the new text in a file, which is then reviewed and kept.
    @Test
    void everyCommandSaysWhatTheGoldenFileHolds() throws Exception {
        StringBuilder all = new StringBuilder();
        CommandLine root = CliMain.commandLine(writer(out), writer(err));
        for (List<String> command : commands(root, List.of())) {
            CommandLine line = root;
            for (String name : command) {
                line = Objects.requireNonNull(line.getSubcommands().get(name));
            }
            all.append("== holdfast ").append(String.join(" ", command)).append('\n');
            all.append(line.getUsageMessage(CommandLine.Help.Ansi.OFF)).append('\n');
        }
        String golden = new String(
                CliMainTest.class.getResourceAsStream("help.golden.txt").readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        if (!golden.contentEquals(all)) {
            Path now = Files.writeString(Path.of("target", "help.golden.txt"), all);
            int line = firstDifference(golden.lines().toList(), all.toString().lines().toList());
            fail("the help differs from help.golden.txt of the resources: line=" + line + " now=" + now);
        }
    }

    private static int firstDifference(List<String> one, List<String> other) {
        int line = 0;
        while (line < one.size() && line < other.size() && one.get(line).equals(other.get(line))) {
            line++;
        }
        return line + 1;
    }

    private static List<List<String>> commands(CommandLine line, List<String> path) {
        List<List<String>> all = new ArrayList<>();
        all.add(path);
        line.getSubcommands().forEach((name, sub) -> {
            if (!sub.getCommandSpec().usageMessage().hidden()) {
                List<String> deeper = new ArrayList<>(path);
                deeper.add(name);
                all.addAll(commands(sub, deeper));
            }
        });
        return all;
    }

    @Test
    void everyCommandHasAHelpOption() {
        CommandLine root = CliMain.commandLine(writer(out), writer(err));
        for (List<String> command : commands(root, List.of())) {
            List<String> arguments = new ArrayList<>(command);
            arguments.add("--help");
            assertEquals(0, root.execute(arguments.toArray(String[]::new)), "no --help: " + command);
        }
    }

    @Test
    void anUnknownCommandIsWrongUseAndTheNearestIsNamed() {
        assertEquals(ExitCode.USAGE.number(), run("node", "lst"));
        assertTrue(err.toString().contains("Did you mean: node list?"), err.toString());
    }

    @Test
    void aNounWithoutAVerbIsWrongUse() {
        assertEquals(ExitCode.USAGE.number(), run("node"));
        assertTrue(err.toString().contains("Missing required subcommand"), err.toString());
    }

    @Test
    void aFolderWithoutAClusterIsNotFoundAndTheHintSaysHowToMakeOne() {
        assertEquals(ExitCode.NOT_FOUND.number(), run("status", "--dir", directory.toString()));
        assertTrue(err.toString().contains("holdfast up --dir"), err.toString());
        assertEquals(ExitCode.NOT_FOUND.number(), run("node", "list", "--dir", directory.toString()));
        assertEquals(ExitCode.NOT_FOUND.number(), run("down", "--dir", directory.toString()));
    }

    @Test
    void aDryRunShowsTheCallAndNeedsNoCluster() {
        int code = run("node", "evict", "node 3", "--dry-run", "-o", "json", "--dir", directory.toString());
        assertEquals(0, code, err.toString());
        assertTrue(out.toString().contains("\"/v1/nodes/node%203/evict\""), out.toString());
    }

    @Test
    void theReferenceOfKeysIsPrintedAndAFileIsChecked() throws Exception {
        assertEquals(0, run("node", "config"));
        assertTrue(out.toString().contains("#port.api = 7600"), out.toString());
        Path file = directory.resolve("node.conf");
        Files.writeString(file, "nam = a\n");
        assertEquals(ExitCode.USAGE.number(), run("node", "config", "--check", file.toString()));
        assertTrue(err.toString().contains(":1: unknown key 'nam', did you mean 'name'?"), err.toString());
    }

    @Test
    void foundingAClusterLeavesAnIdentityOnce() throws Exception {
        Path file = directory.resolve("node.conf");
        Files.writeString(file, "name = a\ndata.dir = data\nlisten.host = 127.0.0.1\n");
        assertEquals(0, run("cluster", "init", "--config", file.toString(), "-o", "json"), err.toString());
        assertTrue(out.toString().contains("\"token\" : \"hfu1."), out.toString());
        assertTrue(out.toString().contains("BEGIN CERTIFICATE"), out.toString());
        assertTrue(Files.exists(directory.resolve("data/identity/node.crt")));
        assertEquals(ExitCode.CONFLICT.number(), run("cluster", "init", "--config", file.toString()));
    }

    @Test
    void completionsAreShellScripts() {
        assertEquals(0, run("completion", "bash"));
        assertTrue(out.toString().contains("complete -F"), out.toString());
        assertEquals(0, run("completion", "zsh"));
        assertTrue(out.toString().contains("bashcompinit"), out.toString());
    }

    private int run(String... arguments) {
        return CliMain.commandLine(writer(out), writer(err)).execute(arguments);
    }

    private static PrintWriter writer(StringWriter text) {
        return new PrintWriter(text, true);
    }
}
