package io.holdfast.chaos.cluster;

import io.holdfast.chaos.network.SandboxNetwork;
import io.holdfast.chaos.process.Command;

/// Where a node's process runs and what it listens on.
///
/// @param portBase the API's port; the others follow it
public record NodePlace(String name, String host, int portBase) {
    static final int PORT_BASE = 7600;
    static final int PORTS_PER_NODE = 10;

    /// All nodes on the loopback device, each with its own ports.
    static NodePlace onLoopback(int number) {
        return new NodePlace("node-" + number, "127.0.0.1", PORT_BASE + (number - 1) * PORTS_PER_NODE);
    }

    /// A node in a network namespace of its own.
    static NodePlace in(SandboxNetwork network, String name) {
        return new NodePlace(name, network.addressOf(name), PORT_BASE);
    }

    public String apiAddress() {
        return host + ":" + portBase;
    }

    public int peerPort() {
        return portBase + 1;
    }

    public int raftPort() {
        return portBase + 2;
    }

    public int gridPort() {
        return portBase + 3;
    }

    public int dataPort() {
        return portBase + 4;
    }

    public int nbdPort() {
        return portBase + 5;
    }

    /// A function that moves commands to where the node runs.
    @FunctionalInterface
    public interface Mover {
        Command move(String node, Command command);
    }
}
