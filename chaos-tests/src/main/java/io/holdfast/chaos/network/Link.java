package io.holdfast.chaos.network;

/// One direction between two nodes of a sandbox.
public record Link(String from, String to) {
    public Link {
        if (from.equals(to)) {
            throw new IllegalArgumentException("a node has no link to itself, node=" + from);
        }
    }

    public Link reversed() {
        return new Link(to, from);
    }
}
