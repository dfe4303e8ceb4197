package io.holdfast.node.snapshot;

import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.hostio.container.CheckpointImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Where the files of snapshots are kept, for all nodes. Concurrent; blocks.
public interface SnapshotStore {
    /// Stores an image's files; they are durable when this returns. The image's folder becomes the store's:
    /// nobody else uses it from then on.
    ///
    /// @param like a snapshot that it may have pages in common with, which are not stored again
    StoredImage put(SnapshotKey key, CheckpointImage image, Optional<Known> like) throws IOException;

    /// Opens a snapshot's files, from here or from the hosts that hold them.
    ///
    /// @throws SnapshotDamagedException if what is found is not what was stored
    /// @throws IOException if too few who have it answer, or this host has no room
    OpenSnapshot open(SnapshotKey key, StoredImage stored) throws IOException;

    /// Gives back what [#put] took, since the catalog did not enter it.
    void discard(SnapshotKey key, StoredImage stored) throws IOException;

    /// Forgets what this node keeps of a snapshot in the clear. Does nothing if that is nothing.
    void delete(SnapshotKey key) throws IOException;

    /// A snapshot that is stored.
    record Known(SnapshotKey key, StoredImage stored) {}

    /// A snapshot's files in the clear; they stay until it is closed.
    interface OpenSnapshot extends AutoCloseable {
        Path folder();

        @Override
        void close();
    }
}
