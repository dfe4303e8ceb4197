package io.holdfast.node.app;

import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Volumes as folders of this host, each for one instance at a time. Concurrent; blocks.
public interface VolumeMounts {
    /// Makes a volume a folder of this host, and keeps it for its user; again for the same user, answers the
    /// folder that there is. A file system is made on a volume that holds nothing.
    ///
    /// @throws StartFailedException if that cannot be, with what stands in the way
    Path mount(Wish wish) throws StartFailedException;

    /// Makes a volume a folder of this host as it was at a snapshot, if all that was written since is of no
    /// value: by what the ledger says, or because nothing was. Empty if something was. For a user that it
    /// was done for already, and who did not go on from it, it is done anew.
    ///
    /// @throws StartFailedException if it cannot be, whatever was written
    Optional<Path> mountAsOf(Wish wish, VolumeSnapshotKey snapshot) throws StartFailedException;

    /// Keeps what a user's volumes hold now; all who write to them stand still. On a deadline nothing is
    /// kept, though the device may be at it for longer.
    ///
    /// @throws IOException if something that was written cannot be had on the volumes, or not in time
    KeptVolumes keep(String user, Duration within) throws IOException;

    /// Says that a user who stood still since [#keep] goes on, so that what it writes counts. It does not go
    /// on before this returned.
    ///
    /// @throws StartFailedException if its volumes were used or rolled back meanwhile, so that it may not
    void goOn(String user) throws StartFailedException;

    /// Makes a volume of its own that is what another was at a snapshot, and keeps that for an application.
    ///
    /// @throws StartFailedException if it cannot be
    VolumePin copy(VolumeSnapshotKey snapshot, String volume) throws StartFailedException;

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
