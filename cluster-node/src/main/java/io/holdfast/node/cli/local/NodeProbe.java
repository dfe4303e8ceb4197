package io.holdfast.node.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.output.CliException;
import java.time.Duration;
import java.util.List;

/// Asks one node whether it is ready.
final class NodeProbe implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ApiClient client;
    private volatile String last = "not asked yet";

    NodeProbe(LocalNode node, ClusterAccess access) throws CliException {
        this.client = new ApiClient(
                new ClusterAccess(
                        List.of(node.apiAddress()), access.authorityPem(), access.token()), TIMEOUT);
    }

    boolean isReady() {
        try {
            client.call(ApiRequest.get("/readyz"));
            last = "ready";
            return true;
        } catch (CliException notYet) {
            last = notYet.getMessage();
            return false;
        }
    }

    /// What the node reports of itself; a missing node if it does not answer.
    JsonNode report() {
        try {
            return client.call(ApiRequest.get("/status/node"));
        } catch (CliException silent) {
            last = silent.getMessage();
            return MissingNode.getInstance();
        }
    }

    /// What the node said last, or why it did not.
    String lastAnswer() {
        return last;
    }

    @Override
    public void close() {
        client.close();
    }
}
