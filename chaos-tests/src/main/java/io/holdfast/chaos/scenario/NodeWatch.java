package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiClient;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.pace.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Asks every node all the time whether it is ready, and one of them who leads, so that whoever injects
/// faults waits for no answer. Concurrent: what was heard last can be read by any thread.
final class NodeWatch implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final TestCluster cluster;
    private final ApiClient api;
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile String leader = "";
    private volatile boolean isStopped;

    private NodeWatch(TestCluster cluster, ApiClient api) {
        this.cluster = cluster;
        this.api = api;
    }

    /// Begins to ask.
    ///
    /// @param nodes also those that are not members yet
    static NodeWatch start(TestCluster cluster, ApiClient api, List<String> nodes) {
        NodeWatch watch = new NodeWatch(cluster, api);
        for (String node : nodes) {
            watch.threads.add(Thread.ofVirtual().name("watch-" + node).start(() -> watch.follow(node)));
        }
        watch.threads.add(Thread.ofVirtual().name("watch-leader").start(watch::followLeader));
        return watch;
    }

    boolean isReady(String node) {
        return ready.contains(node);
    }

    boolean isAllReady() {
        return ready.containsAll(cluster.nodes());
    }

    /// Who led a moment ago, if it was heard.
    Optional<String> leader() {
        return Optional.of(leader).filter(node -> !node.isEmpty());
    }

    private void follow(String node) {
        try {
            while (!isStopped) {
                if (cluster.nodes().contains(node) && cluster.saysReady(node)) {
                    ready.add(node);
                } else {
                    ready.remove(node);
                }
                Pause.REAL.of(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void followLeader() {
        try {
            while (!isStopped) {
                leader = askAnyone();
                Pause.REAL.of(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String askAnyone() throws InterruptedException {
        for (String node : ready) {
            if (api.call(cluster.addressOf(node), ApiCall.get("/v1/status"))
                            instanceof ApiOutcome.Answered answered
                    && answered.body().member("leader").orElse(null) instanceof Json.Text(String name)
                    && cluster.nodes().contains(name)) {
                return name;
            }
        }
        return "";
    }

    @Override
    public void close() {
        isStopped = true;
        threads.forEach(Thread::interrupt);
    }
}
