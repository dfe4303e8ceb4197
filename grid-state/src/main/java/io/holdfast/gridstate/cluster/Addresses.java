package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;

/// Where a node listens; each is written `host:port`, an IPv6 host in brackets.
///
/// @param api HTTP API and web UI
/// @param peer node to node
/// @param raft the ledger
/// @param grid the grid
public record Addresses(String api, String peer, String raft, String grid) {
    public Addresses {
        hostAndPort("an API address", api);
        hostAndPort("a peer address", peer);
        hostAndPort("a Raft address", raft);
        hostAndPort("a grid address", grid);
    }

    static void hostAndPort(String what, String value) {
        Check.text(what, value, 300);
        int colon = value.lastIndexOf(':');
        String port = value.substring(colon + 1);
        boolean isNumber = port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) <= 65_535;
        if (colon < 1 || !isNumber) {
            throw new IllegalArgumentException(what + " is host:port");
        }
    }
}
