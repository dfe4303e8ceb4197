package io.holdfast.chaos.scenario;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.FaultInjector;
import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.pace.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// A node that joins a cluster, leaves it, and joins it anew with nothing. Confined to the thread that
/// injects faults.
final class Guest {
    private static final Duration READY_LIMIT = Duration.ofSeconds(150);
    private static final Duration REFUSAL_LIMIT = Duration.ofSeconds(60);
    private static final String CHECKER = "older-copy-refused";
    private static final String REFUSAL = "older than what";

    private final TestCluster cluster;
    private final FaultInjector injector;
    private final String node;
    private final Path copy;

    /// @param copies a folder for copies of what the node keeps
    Guest(TestCluster cluster, FaultInjector injector, String node, Path copies) {
        this.cluster = cluster;
        this.injector = injector;
        this.node = node;
        this.copy = copies.resolve(node + "-older");
    }

    String node() {
        return node;
    }

    /// Joins by a token.
    ///
    /// @return how long it took until it was ready
    Duration join(String through) throws IOException, InterruptedException, TimeoutException {
        long since = System.nanoTime();
        cluster.admit(node, through);
        cluster.awaitReady(List.of(node), READY_LIMIT);
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /// Is drained and shut out, dead or alive.
    void leave(String through, boolean isDead)
            throws IOException, InterruptedException, TimeoutException {
        if (isDead) {
            cluster.kill(node);
        }
        cluster.dismiss(node, through);
    }

    /// Starts with what it kept before its last start: it has forgotten what it promised since, and must
    /// not take part. Afterwards it does not run; it has to leave.
    Verdict restartWithOlderCopy() throws IOException, InterruptedException, TimeoutException {
        cluster.kill(node);
        cluster.copyFiles(node, copy);
        cluster.start(node);
        cluster.awaitReady(List.of(node), READY_LIMIT);
        injector.inject(new KillFault(List.of(node)), () -> cluster.putBack(node, copy));
        Verdict verdict = refusal();
        cluster.kill(node);
        return verdict;
    }

    private Verdict refusal() throws IOException, InterruptedException {
        try {
            Await.real().untilTrue("the end of a node with an older directory", REFUSAL_LIMIT,
                    () -> !cluster.isRunning(node));
        } catch (TimeoutException e) {
            return accepted("it runs after " + REFUSAL_LIMIT.toSeconds() + " s");
        }
        String output = Files.readString(cluster.outputOf(node), StandardCharsets.UTF_8);
        return output.contains(REFUSAL) && cluster.exitCodeOf(node).orElse(0) != 0
                ? new Verdict.Passed(CHECKER, 1)
                : accepted("it ended for another reason, exitCode=" + cluster.exitCodeOf(node));
    }

    private Verdict accepted(String evidence) {
        return new Verdict.Violated(
                CHECKER, 1, List.of(new Violation("older-copy-accepted", node, evidence)), 1);
    }
}
