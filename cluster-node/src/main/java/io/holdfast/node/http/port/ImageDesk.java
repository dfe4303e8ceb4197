package io.holdfast.node.http.port;

import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.ExpectedVersion;

/// Imports images into the cluster. Concurrent.
public interface ImageDesk {
    /// What an import is called among operations.
    String KIND = "image.import";

    /// The node that does it.
    String node();

    /// Begins an import, whose operation of this node the ledger has decided already, and goes on by itself:
    /// this node may still have to hear of it. Does nothing if it was begun before.
    void begin(Order order);

    /// What to import.
    ///
    /// @param operation that tells how far it is
    /// @param index of the ledger by which the operation is known
    /// @param reference where the image is
    /// @param name that it gets
    /// @param expected of the image that has the name now
    /// @param actor on whose behalf
    /// @param requestId as logs and the audit have it
    record Order(
            String operation, long index, String reference, String name, ExpectedVersion expected,
            Actor actor, String requestId) {}
}
