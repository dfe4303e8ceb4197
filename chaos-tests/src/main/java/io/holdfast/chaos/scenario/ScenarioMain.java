package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.ReportWriter;
import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Lifeline;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program inside the sandbox: plays one scenario and writes its report. Ends with 0 if every verdict is
/// "passed", with 1 if one is not, with 2 if the scenario could not be played to its end.
///
/// Arguments: class of the scenario, executable, folder of the nodes, folder of reports, seed, count of
/// faults or -1, minutes of a soak or 0, replay command.
public final class ScenarioMain {
    static final int VIOLATED = 1;
    static final int BROKEN_OFF = 2;
    static final int AS_MANY_AS_RIGHT = -1;
    private static final Logger LOG = LoggerFactory.getLogger(ScenarioMain.class);

    private ScenarioMain() {}

    public static void main(String[] arguments) {
        Lifeline.watch(System.in);
        System.exit(play(arguments));
    }

    private static int play(String[] arguments) {
        int faultCount = Integer.parseInt(arguments[5]);
        ScenarioStage stage = new ScenarioStage(Path.of(arguments[1]), Path.of(arguments[2]),
                Path.of(arguments[3]), Long.parseLong(arguments[4]),
                faultCount == AS_MANY_AS_RIGHT ? OptionalInt.empty() : OptionalInt.of(faultCount),
                Integer.parseInt(arguments[6]), arguments[7]);
        try {
            Scenario scenario = Class.forName(arguments[0]).asSubclass(Scenario.class)
                    .getConstructor().newInstance();
            RunReport report = scenario.play(stage);
            Path page = new ReportWriter(Path.of(arguments[3])).write(report);
            LOG.info("scenario over, passed={}, report={}", report.isPassed(), page);
            report.verdicts().forEach(verdict -> LOG.info("verdict={}", verdict));
            return report.isPassed() ? 0 : VIOLATED;
        } catch (Exception e) {
            // The outermost frame of this program: whatever it is, the log has it and the launcher hears
            // of it.
            LOG.error("scenario broken off", e);
            return BROKEN_OFF;
        }
    }
}
