package io.holdfast.hostio.network;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/// One prepared network namespace.
///
/// @param number its place within the node's subnet, from 2 on
/// @param name of the namespace
/// @param namespaceFile what processes join it by
/// @param address where this machine reaches it
public record ContainerNetwork(int number, String name, Path namespaceFile, String address) {
    /// The address every container has for itself.
    public static final String INNER_ADDRESS = "198.19.255.1";

    public InetAddress inetAddress() {
        String[] parts = address.split("\\.", -1);
        byte[] bytes = new byte[parts.length];
        for (int index = 0; index < parts.length; index++) {
            bytes[index] = (byte) Integer.parseInt(parts[index]);
        }
        try {
            return Inet4Address.getByAddress(bytes);
        } catch (UnknownHostException malformed) {
            throw new IllegalStateException("not an address: address=" + address, malformed);
        }
    }
}
