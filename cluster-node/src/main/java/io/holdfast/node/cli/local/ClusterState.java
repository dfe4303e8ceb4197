package io.holdfast.node.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.output.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How the nodes of a local cluster are at this moment, seen from their processes and from what they answer.
public final class ClusterState {
    private ClusterState() {}

    /// One object per node: name, state (`ready`, `starting`, `stopped`), role in the ledger (`leader`,
    /// `voter`, `follower`), applied (the newest ledger entry it has), pid, api, dir.
    public static ArrayNode of(LocalCluster cluster) throws CliException, InterruptedException {
        ClusterAccess access = cluster.access();
        List<Future<ObjectNode>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (LocalNode node : cluster.nodes()) {
                answers.add(threads.submit(() -> stateOf(node, access)));
            }
        }
        ArrayNode states = JsonNodeFactory.instance.arrayNode();
        for (Future<ObjectNode> answer : answers) {
            try {
                states.add(answer.get());
            } catch (ExecutionException failed) {
                throw new IllegalStateException(failed.getCause());
            }
        }
        return states;
    }

    private static ObjectNode stateOf(LocalNode node, ClusterAccess access) throws CliException {
        Optional<DetachedProcess> process = node.process();
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("name", node.name());
        String why = "";
        if (process.isEmpty()) {
            state.put("state", "stopped");
        } else {
            try (NodeProbe probe = new NodeProbe(node, access)) {
                boolean isReady = probe.isReady();
                state.put("state", isReady ? "ready" : "starting");
                why = isReady ? "" : probe.lastAnswer().replaceAll("\\s+", " ");
                addReport(state, probe.report());
            }
        }
        process.ifPresent(running -> state.put("pid", running.pid()));
        state.put("api", "https://" + node.apiAddress());
        state.put("dir", node.directory().toString());
        if (!why.isEmpty()) {
            state.put("why", why);
        }
        return state;
    }

    private static void addReport(ObjectNode state, JsonNode report) {
        JsonNode role = report.at("/ledgers/0/leadership/role");
        if (!role.isMissingNode()) {
            state.put("role", role.asText());
            state.put("applied", report.path("lastApplied").asLong());
        }
    }
}
