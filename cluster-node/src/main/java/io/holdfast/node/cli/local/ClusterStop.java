package io.holdfast.node.cli.local;

import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Brings a local cluster down: asks all nodes to stop at once, waits, and kills what does not. The data
/// stays. Confined to one command.
public final class ClusterStop {
    private final Progress progress;
    private final Duration deadline;

    public ClusterStop(Progress progress, Duration deadline) {
        this.progress = progress;
        this.deadline = deadline;
    }

    /// What became of the nodes that ran.
    ///
    /// @param stopped by themselves, when asked
    /// @param killed they had not stopped in time
    public record Result(List<String> stopped, List<String> killed) {}

    public Result stop(Path directory) throws CliException, IOException, InterruptedException {
        LocalCluster cluster = LocalCluster.open(directory);
        try (ClusterLock _ = ClusterLock.acquire(cluster.directory())) {
            Map<LocalNode, DetachedProcess> running = new LinkedHashMap<>();
            for (LocalNode node : cluster.nodes()) {
                node.process().ifPresent(process -> running.put(node, process));
            }
            running.values().forEach(DetachedProcess::terminate);
            List<String> stopped = new ArrayList<>();
            List<String> killed = new ArrayList<>();
            long end = System.nanoTime() + deadline.toNanos();
            for (Map.Entry<LocalNode, DetachedProcess> entry : running.entrySet()) {
                progress.show(stopped.size(), running.size(), "stopping " + entry.getKey().name());
                Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                if (entry.getValue().awaitExit(left)) {
                    stopped.add(entry.getKey().name());
                } else {
                    entry.getValue().kill();
                    killed.add(entry.getKey().name());
                }
                entry.getKey().forgetProcess();
            }
            return new Result(stopped, killed);
        }
    }
}
