package io.holdfast.node.gateway;

/// What the gateway counts. Concurrent.
public interface GatewayMeters {
    /// A request whose answer began.
    ///
    /// @param start `warm` if an instance was ready, else how it became so: `cold`, `restored`, `thawed`
    /// @param nanos from the request to the answer's first byte
    void answered(String start, long nanos);

    /// A request that was not handled.
    ///
    /// @param code why
    void refused(String code);
}
