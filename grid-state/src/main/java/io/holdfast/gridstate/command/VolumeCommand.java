package io.holdfast.gridstate.command;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import java.util.Optional;

/// Commands about volumes. Those with a token are the serving node's; a newer one than known is taken over,
/// an older one is refused.
public sealed interface VolumeCommand extends GridCommand {
    /// Makes a volume and its streams, empty or as a copy of a snapshot.
    record Create(String volume, VolumeDraft draft, Optional<VolumeSnapshotKey> origin)
            implements VolumeCommand {
        public Create {
            Check.name("a volume's name", volume);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Says that the volume has another size now.
    record Resize(String volume, FencingToken token, long sizeBytes) implements VolumeCommand {
        public Resize {
            Check.name("a volume's name", volume);
            Check.range("a volume's size", sizeBytes, 0, VolumeEntry.SIZE_BYTES_MAX);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Sets the profile of what is written from now on.
    record SetProfile(String volume, FencingToken token, Profile profile) implements VolumeCommand {
        public SetProfile {
            Check.name("a volume's name", volume);
            Check.range("a profile's data count", profile.dataCount(), 1, VolumeEntry.DATA_COUNT_MAX);
            Check.range("a profile's parity count", profile.parityCount(), 0, VolumeEntry.PARITY_COUNT_MAX);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Sets what the volume does by itself.
    record SetPolicy(String volume, VolumePolicy policy, ExpectedVersion expected) implements VolumeCommand {
        public SetPolicy {
            Check.name("a volume's name", volume);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Keeps a volume from being deleted, or no longer.
    record SetProtection(String volume, boolean isProtected, ExpectedVersion expected)
            implements VolumeCommand {
        public SetProtection {
            Check.name("a volume's name", volume);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Gives a version of the map, which is pinned already, a name. Doing so again with the same version
    /// changes nothing.
    record AddSnapshot(VolumeSnapshotKey snapshot, FencingToken token, long mapVersion)
            implements VolumeCommand {
        public AddSnapshot {
            Check.notNegative("a map's version", mapVersion);
        }

        @Override
        public String target() {
            return snapshot.toString();
        }
    }

    /// Removes a snapshot; its version may be let go afterwards.
    record DeleteSnapshot(VolumeSnapshotKey snapshot, FencingToken token) implements VolumeCommand {
        @Override
        public String target() {
            return snapshot.toString();
        }
    }

    /// Keeps a snapshot from being deleted, or no longer.
    record ProtectSnapshot(VolumeSnapshotKey snapshot, boolean isProtected, ExpectedVersion expected)
            implements VolumeCommand {
        @Override
        public String target() {
            return snapshot.toString();
        }
    }

    /// Says that the volume's content is that of the snapshot again.
    record RollBack(VolumeSnapshotKey snapshot, FencingToken token) implements VolumeCommand {
        @Override
        public String target() {
            return snapshot.toString();
        }
    }

    /// Says that the volume is to be a device of a node's host.
    record Attach(String volume, FencingToken token, String node) implements VolumeCommand {
        public Attach {
            Check.name("a volume's name", volume);
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Says that the volume is no longer to be a device of that node's host; if it is not, nothing changes.
    record Detach(String volume, String node) implements VolumeCommand {
        public Detach {
            Check.name("a volume's name", volume);
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Removes a volume with its snapshots and leaves its streams to be reclaimed.
    record Delete(String volume, ExpectedVersion expected) implements VolumeCommand {
        public Delete {
            Check.name("a volume's name", volume);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Says that a deleted volume's stream has no chunks left, and removes it.
    record FinishReclaim(StreamId stream, FencingToken token) implements VolumeCommand {
        @Override
        public String target() {
            return stream.toString();
        }
    }
}
