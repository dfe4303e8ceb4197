package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;

/// A further port of a node, for a service that not every release has.
///
/// @param service what answers there, such as `data` or `nbd`
/// @param address `host:port`, an IPv6 host in brackets
public record Endpoint(String service, String address) {
    /// Fragments of chunks.
    public static final String DATA = "data";

    /// Volumes as network block devices.
    public static final String NBD = "nbd";

    public Endpoint {
        Check.name("a service's name", service);
        Addresses.hostAndPort("an endpoint's address", address);
    }
}
