package io.holdfast.chaos.network;

import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The system's network tools, fed with scripts so that one start does many steps. Immutable.
final class Tools {
    private static final CommandRunner RUNNER = new CommandRunner(Duration.ofSeconds(20));

    private Tools() {}

    /// Runs lines of `ip`, in this network namespace.
    static void ip(List<String> lines) throws IOException, InterruptedException {
        run(List.of("ip", "-batch", "-"), lines);
    }

    /// Runs lines of `ip` in the named network namespace.
    static void ipIn(String namespace, List<String> lines) throws IOException, InterruptedException {
        run(List.of("ip", "-netns", namespace, "-batch", "-"), lines);
    }

    /// Runs lines of `nft` as one transaction.
    static void nft(List<String> lines) throws IOException, InterruptedException {
        run(List.of("nft", "-f", "-"), lines);
    }

    private static void run(List<String> tool, List<String> lines) throws IOException, InterruptedException {
        RUNNER.run(Command.of(tool).withInput(String.join("\n", lines) + "\n")).orThrow();
    }
}
