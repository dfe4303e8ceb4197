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
/// @param scale 1 for the build
public record ScenarioLauncher(Path executable, Path folder, long seed, int scale) {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);
    private static final Duration PLAY_LIMIT = Duration.ofMinutes(5);
    private static final List<String> JVM_OPTIONS =
            List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:+UseSerialGC");

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
        String replay = "mvn verify -pl chaos-tests -am -Dit.test=ChaosScenariosTest -Dholdfast.chaos.seed="
                + seed
                + " -Dholdfast.chaos.scale=" + scale + " -Dholdfast.chaos.scenario="
                        + scenario.getSimpleName();
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
                        "" + seed, "" + scale, replay),
                PLAY_LIMIT.multipliedBy(scale));
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
