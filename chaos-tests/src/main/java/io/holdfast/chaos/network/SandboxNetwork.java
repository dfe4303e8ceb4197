package io.holdfast.chaos.network;

import io.holdfast.chaos.process.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Network namespaces joined by a wire, one per node; the harness sits in the hub and reaches them all. Lives
/// inside a sandbox and goes with it. Confined to the thread that injects faults.
public final class SandboxNetwork implements AutoCloseable {
    private final Map<String, Port> ports;
    private final Wire wire;
    private final LinkFaults faults;

    private SandboxNetwork(Map<String, Port> ports, Wire wire) {
        this.ports = ports;
        this.wire = wire;
        this.faults = new LinkFaults(wire);
    }

    /// Makes namespaces and wire.
    ///
    /// @param nodes names, in order of their addresses 10.99.0.1, 10.99.0.2, ...
    /// @param seed of the switch's random numbers
    public static SandboxNetwork open(List<String> nodes, WireKind kind, long seed)
            throws IOException, InterruptedException {
        Map<String, Port> ports = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String node : nodes) {
            Port port = new Port(node, ports.size() + 1);
            ports.put(node, port);
            lines.add("netns add " + port.namespace());
        }
        Tools.ip(lines);
        Port hub = new Port("hub", Port.HUB);
        List<Port> list = List.copyOf(ports.values());
        Wire wire = switch (kind) {
            case BRIDGE -> BridgeWire.open(list, hub);
            case SWITCH -> SwitchWire.open(list, hub, seed);
        };
        for (Port port : list) {
            Tools.ipIn(port.namespace(), List.of(
                    "link set lo up",
                    "addr add " + port.addressWithPrefix() + " dev " + Port.DEVICE,
                    "link set " + Port.DEVICE + " up"));
        }
        return new SandboxNetwork(ports, wire);
    }

    public String addressOf(String node) {
        return port(node).address();
    }

    /// The same command, run in the node's network namespace.
    public Command inside(String node, Command command) {
        return command.prefixedBy(List.of("nsenter", "--net=" + port(node).namespacePath()));
    }

    public LinkFaults faults() {
        return faults;
    }

    private Port port(String node) {
        Port port = ports.get(node);
        if (port == null) {
            throw new IllegalArgumentException("no such node: " + node);
        }
        return port;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
