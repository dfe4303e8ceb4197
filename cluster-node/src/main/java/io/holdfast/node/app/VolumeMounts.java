package io.holdfast.node.app;

import java.nio.file.Path;

/// Volumes as folders of this host, each for one instance at a time. Concurrent; blocks.
public interface VolumeMounts {
    /// Makes a volume a folder of this host, and keeps it for its user; again for the same user, answers the
    /// folder that there is. A file system is made on a volume that holds nothing.
    ///
    /// @throws StartFailedException if that cannot be, with what stands in the way
    Path mount(Wish wish) throws StartFailedException;

    /// Gives back what a user has: everything written is with the volumes, and other nodes may have them.
    /// Does nothing if that is nothing.
    void release(String user);

    /// Takes back what a predecessor of this node left behind, whose users are gone.
    void recover();

    /// What is wanted.
    ///
    /// @param volume its name
    /// @param user the slot whose instance sees it
    /// @param isReadOnly whether that may only read
    /// @param ownerId whose the root of a new file system is
    /// @param groupId likewise
    record Wish(String volume, String user, boolean isReadOnly, int ownerId, int groupId) {}
}
