package io.holdfast.hostio.nbd;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// The exports that a server offers: asked anew for each client, so they may come, go and depend on who asks.
/// Concurrent; may block.
public interface Exports {
    /// The export of this name, which is empty for the default export. Throws [ExportRefusedException] if
    /// it is there but this client may not have it now.
    Optional<Export> find(String name, NbdClient client);

    /// The exports that this client may see.
    List<Listing> list(NbdClient client);

    /// A client is about to use an export that [#find] gave to it; it is not told so before this returns.
    /// Throws [ExportRefusedException] if it may not after all, say because the export has just gone.
    default void onConnected(Export export, NbdClient client) {}

    /// A client that [#onConnected] let in is gone, and no operation of it runs any more.
    default void onDisconnected(Export export, NbdClient client) {}

    /// Somebody's TLS handshake failed.
    ///
    /// @param address empty on a unix socket
    default void onTurnedAway(Optional<InetAddress> address, SSLException reason) {}

    /// A line of the list of exports.
    record Listing(String name, String description) {}
}
