package io.holdfast.node.peerlink;

/// Where a node's peer port is reached.
///
/// @param host a name or an address
/// @param port 1 to 65535
public record PeerAddress(String host, int port) {
    public PeerAddress {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535: port=" + port);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
