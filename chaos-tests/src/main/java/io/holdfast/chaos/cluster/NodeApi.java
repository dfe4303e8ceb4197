package io.holdfast.chaos.cluster;

import java.util.function.Consumer;

/// The API of a cluster's nodes, one call at a time. Concurrent.
public interface NodeApi {
    /// Calls the node at `host:port`.
    ApiOutcome call(String address, ApiCall call) throws InterruptedException;

    /// Follows a stream of server-sent events line by line until it ends or breaks.
    void follow(String address, String path, Consumer<String> line) throws InterruptedException;
}
