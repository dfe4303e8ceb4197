package io.holdfast.chaos.fault;

import io.holdfast.chaos.network.LinkFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where faults happen: nodes as processes, and the network between them. Confined to the thread that injects
/// faults.
public interface FaultSite {
    /// Names of all nodes, dead or alive.
    List<String> nodes();

    /// The network, where it can be broken.
    Optional<LinkFaults> links();

    /// The process of a node.
    ///
    /// @throws IOException if it does not run
    long pidOf(String node) throws IOException;

    /// Ends the node's process with SIGKILL and waits until it is gone; nothing if it is dead already.
    void kill(String node) throws IOException, InterruptedException;

    /// Starts the node's process if it does not run; does not wait until it is ready.
    void start(String node) throws IOException, InterruptedException;

    /// The file that says by how much the node's clock is wrong, where clocks can be moved.
    Optional<Path> clockFile(String node);

    /// Where a node keeps everything, where that can be reached.
    default Optional<Path> dataFolder(String node) {
        return Optional.empty();
    }
}
