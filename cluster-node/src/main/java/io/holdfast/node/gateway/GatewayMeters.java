package io.holdfast.node.gateway;

import io.holdfast.gridstate.snapshot.ApplicationKey;

/// What the gateway counts. Concurrent.
public interface GatewayMeters {
    /// A request whose answer began.
    ///
    /// @param start `warm` if an instance was ready, else how it became so: `cold`, `restored`, `thawed`
    /// @param nanos from the request to the answer's first byte
    void answered(String start, long nanos);

    /// The answer began to a request that found no instance ready here.
    ///
    /// @param start how one became so
    /// @param snapshot that it goes on from; empty for none
    /// @param nanos from the request to the answer's first byte
    void started(ApplicationKey application, String start, String snapshot, long nanos);

    /// A request that was not handled.
    ///
    /// @param code why
    void refused(String code);
}
