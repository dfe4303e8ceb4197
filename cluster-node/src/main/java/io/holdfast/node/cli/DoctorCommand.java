package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.cli.output.Progress;
import io.holdfast.node.doctor.Doctor;
import io.holdfast.node.doctor.Finding;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast doctor`: what this host can do.
@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Find out what this host can do for Holdfast, one line each, with the remedy.",
            "",
            "ok: it works. limited: it works with the loss that is named. missing: what needs it is refused.",
            "",
            "  holdfast doctor",
            "  holdfast doctor -o json",
            "  holdfast doctor --fix       installs what is missing and sets the kernel, after saying so",
            ""
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Duration PLAN_DEADLINE = Duration.ofMinutes(1);

    /// Building CRIU takes half a minute of one core; a slow mirror and a slow host may take much longer.
    private static final Duration FIX_DEADLINE = Duration.ofMinutes(30);

    @Spec
    @Nullable CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where data would be kept, to look at its disk.")
    @Nullable Path directory;

    @Option(names = "--fix", description = "Install what is missing.")
    boolean isFixing;

    @Option(names = "--yes", description = "Do not ask before installing.")
    boolean isAgreed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            description = "Form of the output. Default: table.")
    OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        if (isFixing) {
            fix();
        }
        ArrayNode rows = findings(ClusterOptions.localDirectory(directory));
        Outlet.of(spec).list(format, Column.of("subject", "state", "found", "neededBy", "remedy"), rows);
        return ExitCode.OK.number();
    }

    static ArrayNode findings(Path dataFolder) throws InterruptedException {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        for (Finding finding : Doctor.ofThisHost(dataFolder).examine()) {
            rows.addObject()
                    .put("subject", finding.subject())
                    .put("state", finding.state().name().toLowerCase(Locale.ROOT))
                    .put("found", finding.found())
                    .put("neededBy", finding.neededBy())
                    .put("remedy", finding.remedy());
        }
        return rows;
    }

    private void fix() throws CliException, IOException, InterruptedException {
        Path script = UpCommand.executable().resolveSibling("prepare-host.sh");
        Outlet out = Outlet.of(spec);
        String plan = ProcessRun.of(script.toString(), "--plan")
                .withDeadline(PLAN_DEADLINE)
                .run()
                .orThrow()
                .output();
        if (plan.isBlank()) {
            out.remark("nothing to install");
            return;
        }
        out.remark("This will be done:");
        plan.lines().forEach(line -> out.remark("  " + line));
        if (!isAgreed && !agreesAtTerminal()) {
            throw new CliException(ExitCode.FAILED, "nothing was changed", "");
        }
        ProcessOutcome outcome = ProcessRun.of(script.toString())
                .withDeadline(FIX_DEADLINE)
                .run();
        if (!outcome.isSuccess()) {
            throw new CliException(ExitCode.FAILED, outcome.explained(), "run it yourself: " + script);
        }
        outcome.output().lines().forEach(out::remark);
    }

    /// Without a terminal there is nobody to ask: a script that says `--fix` means it.
    private static boolean agreesAtTerminal() {
        Optional<Console> terminal = Progress.terminal();
        if (terminal.isEmpty()) {
            return true;
        }
        String answer = terminal.get().readLine("Go on? [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
