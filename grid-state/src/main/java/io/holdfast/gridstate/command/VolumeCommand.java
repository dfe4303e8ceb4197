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

/// Commands about volumes. Those with a token are the serving node's; a newer one than known is taken over,
/// an older one is refused.
public sealed interface VolumeCommand extends GridCommand {
    /// Makes a volume, the first of a new family, and the family's stream.
    record Create(String volume, VolumeDraft draft) implements VolumeCommand {
        public Create {
            Check.name("a volume's name", volume);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Gives a volume that the family has already, and that began as a snapshot, a name. Doing so again with
    /// the same number changes nothing.
    record CreateClone(String volume, VolumeSnapshotKey origin, FencingToken token, int member)
            implements VolumeCommand {
        public CreateClone {
            Check.name("a volume's name", volume);
            Check.notNegative("a member's number", member);
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

    /// Gives a version that the family keeps already a name. Doing so again with the same number changes
    /// nothing.
    record AddSnapshot(VolumeSnapshotKey snapshot, FencingToken token, int number) implements VolumeCommand {
        public AddSnapshot {
            Check.notNegative("a snapshot's number", number);
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

    /// Says that whoever stood still on the volume since it was to be as of a snapshot goes on, so that what
    /// is written counts again. Refused if that is no longer what was said at that version.
    record GoOn(String volume, FencingToken token, long asOfVersion) implements VolumeCommand {
        public GoOn {
            Check.name("a volume's name", volume);
            Check.notNegative("a version", asOfVersion);
        }

        @Override
        public String target() {
            return volume;
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

    /// Removes a volume with its snapshots; the stream of a family that has no other is left to be
    /// reclaimed.
    record Delete(String volume, FencingToken token, ExpectedVersion expected) implements VolumeCommand {
        public Delete {
            Check.name("a volume's name", volume);
        }

        @Override
        public String target() {
            return volume;
        }
    }

    /// Says that a deleted family's stream has no chunks left, and removes it.
    record FinishReclaim(StreamId stream, FencingToken token) implements VolumeCommand {
        @Override
        public String target() {
            return stream.toString();
        }
    }
}
