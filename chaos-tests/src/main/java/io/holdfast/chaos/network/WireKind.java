package io.holdfast.chaos.network;

/// What carries the frames of a sandbox.
public enum WireKind {
    /// A kernel bridge with a packet filter: cuts, half-open connections, loss.
    BRIDGE,
    /// A switch in the harness: these and delay, jitter, reordering, duplication, corruption, bandwidth.
    SWITCH
}
