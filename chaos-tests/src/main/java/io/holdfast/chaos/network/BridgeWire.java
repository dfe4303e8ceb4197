package io.holdfast.chaos.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A kernel bridge in the hub with a virtual Ethernet pair to each node, and a packet filter between. Frames
/// between a node and the hub itself are not filtered: the harness reaches every node at any time.
///
/// Hardware addresses are filtered, not IP addresses: a cut also stops ARP.
final class BridgeWire implements Wire {
    private static final String BRIDGE = "br0";

    private final Map<String, Port> ports = new HashMap<>();

    private BridgeWire(List<Port> ports) {
        ports.forEach(port -> this.ports.put(port.node(), port));
    }

    static BridgeWire open(List<Port> ports, Port hub) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        lines.add("link add " + BRIDGE + " type bridge stp_state 0 forward_delay 0");
        lines.add("link set " + BRIDGE + " address " + hub.hardwareAddress() + " up");
        lines.add("addr add " + hub.addressWithPrefix() + " dev " + BRIDGE);
        for (Port port : ports) {
            String end = "port" + port.number();
            lines.add("link add " + end + " type veth peer name " + Port.DEVICE + " address "
                    + port.hardwareAddress() + " netns " + port.namespace());
            lines.add("link set " + end + " master " + BRIDGE + " up");
        }
        Tools.ip(lines);
        Tools.nft(List.of(
                "add table bridge chaos",
                "add chain bridge chaos links",
                "add chain bridge chaos forward { type filter hook forward priority 0; }",
                "add rule bridge chaos forward jump links"));
        return new BridgeWire(ports);
    }

    @Override
    public void set(Map<Link, LinkCondition> conditions) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of("flush chain bridge chaos links"));
        for (Map.Entry<Link, LinkCondition> entry : conditions.entrySet()) {
            if (entry.getValue().needsSwitch()) {
                throw new UnsupportedOperationException("a bridge cannot do this: " + entry.getValue());
            }
            lines.addAll(rules(entry.getKey(), entry.getValue()));
        }
        Tools.nft(lines);
    }

    private List<String> rules(Link link, LinkCondition condition) {
        String match = "add rule bridge chaos links ether saddr " + hardwareAddress(link.from())
                + " ether daddr " + hardwareAddress(link.to()) + " ";
        List<String> rules = new ArrayList<>();
        if (condition.passesNothing()) {
            rules.add(match + "drop");
            return rules;
        }
        if (condition.dropsCloses()) {
            rules.add(match + "tcp flags & (fin | rst) != 0 drop");
        }
        if (condition.lossPerMille() > 0) {
            rules.add(match + "numgen random mod 1000 < " + condition.lossPerMille() + " drop");
        }
        return rules;
    }

    private String hardwareAddress(String node) {
        Port port = ports.get(node);
        if (port == null) {
            throw new IllegalArgumentException("no such node: " + node);
        }
        return port.hardwareAddress();
    }

    /// Devices and rules go with the sandbox.
    @Override
    public void close() {}
}
