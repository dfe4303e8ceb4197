package io.holdfast.chaos.scenario;

import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.CommandRunner;
import io.holdfast.chaos.sandbox.Identity;
import io.holdfast.chaos.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Plays scenarios in sandboxes. A failed run keeps the nodes' files and logs; a passed one keeps its report.
/// Immutable.
///
/// @param executable `bin/holdfast`
/// @param folder for runs and reports
/// @param seed of everything random
/// @param faultCount how many faults of its kind; absent for as many as a scenario finds right
/// @param minutes how long a soak lasts; 0 for none
public record ScenarioLauncher(
        Path executable, Path folder, long seed, OptionalInt faultCount, int minutes) {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    private static final Duration PLAY_LIMIT = Duration.ofMinutes(7);
    /// Of rounds that consist of several faults, each with restarts, on a busy machine.
    private static final Duration FAULT_LIMIT = Duration.ofMinutes(2);
    /// For each minute of a soak: the last of its windows may come to an end late on a busy machine.
    private static final Duration SOAK_GRACE = Duration.ofSeconds(90);
    private static final List<String> JVM_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED", "-Xmx768m", "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-Dlogback.configurationFile=io/holdfast/chaos/scenario/scenario-log.xml");

    /// What a run came to.
    ///
    /// @param report as JSON; null value if the scenario was broken off before there was one
    /// @param log what the scenario said
    public record Run(int exitCode, Json report, Path log, String replay) {
        public boolean isPassed() {
            return exitCode == 0;
        }
    }

    /// Plays one scenario to its end.
    public Run play(Class<? extends Scenario> scenario) throws IOException, InterruptedException {
        String count = faultCount.isPresent() ? " -Dholdfast.chaos.faults=" + faultCount.getAsInt() : "";
        String length = minutes > 0 ? " -Dholdfast.chaos.minutes=" + minutes : "";
        String replay = "mvn verify -pl chaos-tests -am -Dit.test=ChaosScenariosTest -Dholdfast.chaos.seed="
                + seed + count + length + " -Dholdfast.chaos.scenario=" + scenario.getSimpleName();
        Path nodes = folder.resolve(scenario.getSimpleName() + "-" + seed);
        Path reports = folder.resolve("reports").resolve(nodes.getFileName());
        delete(nodes);
        delete(reports);
        Files.createDirectories(nodes);
        // Within the sandbox nothing can be fetched: what is to be built is built now.
        new CommandRunner(BUILD_LIMIT).run(Command.of(executable.toString(), "--version")).orThrow();
        Path log = nodes.resolve("scenario.log");
        OptionalInt exit = new Sandbox(Identity.ofCaller(), JVM_OPTIONS, log).run(ScenarioMain.class,
                List.of(scenario.getName(), executable.toString(), nodes.toString(), reports.toString(),
                        "" + seed, "" + faultCount.orElse(ScenarioMain.AS_MANY_AS_RIGHT), "" + minutes,
                        replay),
                PLAY_LIMIT.plus(FAULT_LIMIT.multipliedBy(faultCount.orElse(0)))
                        .plus(SOAK_GRACE.multipliedBy(minutes)));
        Run run = new Run(exit.orElse(ScenarioMain.BROKEN_OFF), reportIn(reports), log, replay);
        if (run.isPassed()) {
            delete(nodes);
        }
        return run;
    }

    private static Json reportIn(Path reports) throws IOException {
        if (!Files.isDirectory(reports)) {
            return new Json.Null();
        }
        try (Stream<Path> files = Files.list(reports)) {
            Optional<Path> page = files.filter(file -> file.toString().endsWith(".json")).findFirst();
            return page.isPresent() ? Json.parse(Files.readString(page.get())) : new Json.Null();
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
