package io.holdfast.node.cli;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/// Where the command line starts; `cluster-node/bin/holdfast` calls it.
public final class CliMain {
    private CliMain() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = commandLine(out, err).execute(arguments);
        out.flush();
        err.flush();
        System.exit(code);
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new HoldfastCommand());
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setParameterExceptionHandler(CliMain::wrongUse);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        return line;
    }

    private static int wrongUse(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("holdfast: " + wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println("  usage: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE.number();
    }

    private static int failed(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof CliException expected) {
            command.getErr().println("holdfast: " + expected.getMessage());
            if (!expected.hint().isEmpty()) {
                command.getErr().println("  " + expected.hint());
            }
            return expected.exitCode().number();
        }
        if (failure instanceof InterruptedException) {
            command.getErr().println("holdfast: interrupted");
            return ExitCode.FAILED.number();
        }
        throw failure;
    }
}
