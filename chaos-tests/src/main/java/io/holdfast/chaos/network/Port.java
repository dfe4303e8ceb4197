package io.holdfast.chaos.network;

import java.nio.file.Path;

/// One node's place in the network.
///
/// @param node its name
/// @param number 1 for the first node, 254 for the hub where the harness sits
public record Port(String node, int number) {
    /// Number of the hub's port.
    public static final int HUB = 254;

    /// Name of the Ethernet device within the namespace; the hub's own is the bridge or a TAP device.
    public static final String DEVICE = "eth0";

    private static final String NETWORK = "10.99.0.";
    private static final Path NAMESPACES = Path.of("/run/netns");

    public Port {
        if (number < 1 || number > HUB) {
            throw new IllegalArgumentException("port numbers are 1 to 254, number=" + number);
        }
    }

    public String address() {
        return NETWORK + number;
    }

    String addressWithPrefix() {
        return address() + "/24";
    }

    /// Hardware address, chosen by us so that frames tell their port; locally administered.
    String hardwareAddress() {
        return "02:00:00:00:00:%02x".formatted(number);
    }

    String namespace() {
        return "node" + number;
    }

    /// Where the port's network namespace can be entered.
    Path namespacePath() {
        return number == HUB ? Path.of("/proc/1/ns/net") : NAMESPACES.resolve(namespace());
    }
}
