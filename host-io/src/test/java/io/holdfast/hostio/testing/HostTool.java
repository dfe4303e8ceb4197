package io.holdfast.hostio.testing;

import io.holdfast.hostio.process.Executables;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// The real tools that tests of the host ring use. A test whose tool is missing is skipped, and says why.
public final class HostTool {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private HostTool() {}

    /// Skips the calling test unless all of these commands are there.
    public static void require(String... commands) {
        for (String command : commands) {
            requireThat(Executables.find(command).isPresent(), "command not found: " + command);
        }
    }

    /// Skips the calling test, with this reason, unless the condition holds.
    public static void requireThat(boolean condition, String reason) {
        if (!condition) {
            System.out.println("SKIPPED " + reason);
        }
        Assumptions.assumeTrue(condition, reason);
    }

    /// Runs a command to its end, however it ends.
    public static ProcessOutcome run(List<String> command) throws IOException, InterruptedException {
        return ProcessRun.of(command).withDeadline(DEADLINE).run();
    }

    /// What the command prints; fails unless it succeeds.
    public static String output(String... command) throws IOException, InterruptedException {
        return run(List.of(command)).orThrow().output();
    }
}
