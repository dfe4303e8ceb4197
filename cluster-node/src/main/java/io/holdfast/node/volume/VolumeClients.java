package io.holdfast.node.volume;

import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.hostio.nbd.NbdServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The clients of volumes on this node, and where further ones may connect. Concurrent.
///
/// @param server which they are connected to
/// @param address of its TLS port, as others reach it
/// @param socket its unix socket
public record VolumeClients(Supplier<NbdServer> server, String address, Path socket) {
    /// How many clients use a volume or one of its snapshots.
    int count(String volume) {
        return server.get().clientsOf(volume).size();
    }

    /// Refuses if somebody uses the volume, or parts with them.
    void requireNone(String volume, boolean part) {
        int count = count(volume);
        if (count > 0 && !part) {
            throw new VolumeRefusedException(
                    RefusalCode.IN_USE,
                    "clients use the volume: " + volume + " clients=" + count,
                    "disconnect them, or use force");
        }
        server.get().disconnect(volume);
    }

    /// Where a volume is to be had.
    Map<String, Object> addresses(String volume) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("unix", "nbd+unix:///" + volume + "?socket=" + socket);
        facts.put("tls", "nbds://" + address + "/" + volume);
        facts.put("socket", socket.toString());
        facts.put("address", address);
        return facts;
    }
}
