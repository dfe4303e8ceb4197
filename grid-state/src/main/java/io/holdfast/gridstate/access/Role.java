package io.holdfast.gridstate.access;

/// What a user may do; each includes the ones before. The order is part of the wire format.
public enum Role {
    /// Reads.
    VIEWER,
    /// Changes everything but the cluster itself and its users.
    OPERATOR,
    /// Everything.
    ADMIN
}
