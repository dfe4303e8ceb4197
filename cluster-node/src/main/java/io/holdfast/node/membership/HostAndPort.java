package io.holdfast.node.membership;

/// An address as the ledger writes it: `host:port`, an IPv6 host in brackets.
///
/// @param host without brackets
/// @param port 1 to 65535
public record HostAndPort(String host, int port) {
    /// Reads an address that the ledger has checked.
    public static HostAndPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("an address is host:port: address=" + text);
        }
        String host = text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        return new HostAndPort(
                isBracketed ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(text.substring(colon + 1)));
    }
}
