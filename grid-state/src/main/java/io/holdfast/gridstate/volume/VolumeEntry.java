package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import java.util.Optional;

/// A volume.
///
/// @param sizeBytes a multiple of the block's size
/// @param blockBytes the smallest piece that is read or written
/// @param profile of data written from now on
/// @param policy what it does by itself
/// @param family the stream that holds its blocks and those of its clones
/// @param member its number in the family; 0 for the first
/// @param createdMillis when it was made
/// @param isProtected whether it is kept from being deleted
/// @param snapshotCount its snapshots
/// @param origin the snapshot that it began as a copy of
/// @param attachment where it is to be a device
/// @param asOf what it is to be made before anybody uses it again
public record VolumeEntry(
        long sizeBytes,
        int blockBytes,
        Profile profile,
        VolumePolicy policy,
        StreamId family,
        int member,
        long createdMillis,
        boolean isProtected,
        int snapshotCount,
        Optional<VolumeSnapshotKey> origin,
        Optional<Attachment> attachment,
        Optional<AsOf> asOf) {
    /// What the names of families' leases begin with.
    public static final String LEASE_PREFIX = "family/";

    /// As much as a family's map can address.
    public static final long SIZE_BYTES_MAX = 1L << 46;

    /// Begins the names of volumes that the cluster makes for itself.
    public static final String SYSTEM_PREFIX = "system.";

    /// What the erasure codecs are tested for.
    public static final int DATA_COUNT_MAX = 16;

    public static final int PARITY_COUNT_MAX = 4;

    private static final int BLOCK_BYTES_MIN = 512;
    private static final int BLOCK_BYTES_MAX = 64 << 10;

    public VolumeEntry {
        checkSize(sizeBytes, blockBytes);
        Check.notNegative("a member's number", member);
        Check.notNegative("a time", createdMillis);
        Check.notNegative("a count of snapshots", snapshotCount);
    }

    /// The lease of whoever serves the family.
    public static String leaseOf(StreamId family) {
        return LEASE_PREFIX + family;
    }

    static void checkSize(long sizeBytes, int blockBytes) {
        Check.range("a block's size", blockBytes, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
        Check.range("a volume's size", sizeBytes, 0, SIZE_BYTES_MAX);
        if (Integer.bitCount(blockBytes) != 1 || sizeBytes % blockBytes != 0) {
            throw new IllegalArgumentException(
                    "a block's size is a power of two, a volume's a multiple of it:"
                    + " sizeBytes=" + sizeBytes + " blockBytes=" + blockBytes);
        }
    }

    /// The first of a new family.
    static VolumeEntry first(VolumeDraft draft, long timeMillis) {
        return new VolumeEntry(draft.sizeBytes(), draft.blockBytes(), draft.profile(), draft.policy(),
                draft.family(), 0, timeMillis, false, 0, Optional.empty(), Optional.empty(),
                        Optional.empty());
    }

    /// Another of the same family, which begins as a snapshot of this one.
    VolumeEntry cloned(int newMember, VolumeSnapshotKey snapshot, long bytes, long timeMillis) {
        return new VolumeEntry(bytes, blockBytes, profile, policy, family, newMember, timeMillis, false, 0,
                Optional.of(snapshot), Optional.empty(), Optional.empty());
    }

    VolumeEntry withSize(long bytes) {
        return new VolumeEntry(bytes, blockBytes, profile, policy, family, member, createdMillis,
                isProtected, snapshotCount, origin, attachment, asOf);
    }

    VolumeEntry withProfile(Profile next) {
        return new VolumeEntry(sizeBytes, blockBytes, next, policy, family, member, createdMillis,
                isProtected, snapshotCount, origin, attachment, asOf);
    }

    VolumeEntry withPolicy(VolumePolicy next) {
        return new VolumeEntry(sizeBytes, blockBytes, profile, next, family, member, createdMillis,
                isProtected, snapshotCount, origin, attachment, asOf);
    }

    VolumeEntry withProtection(boolean protect) {
        return new VolumeEntry(sizeBytes, blockBytes, profile, policy, family, member, createdMillis,
                protect, snapshotCount, origin, attachment, asOf);
    }

    VolumeEntry withSnapshots(int count) {
        return new VolumeEntry(sizeBytes, blockBytes, profile, policy, family, member, createdMillis,
                isProtected, count, origin, attachment, asOf);
    }

    VolumeEntry withAttachment(Optional<Attachment> next) {
        return new VolumeEntry(sizeBytes, blockBytes, profile, policy, family, member, createdMillis,
                isProtected, snapshotCount, origin, next, asOf);
    }

    VolumeEntry withAsOf(Optional<AsOf> next) {
        return new VolumeEntry(sizeBytes, blockBytes, profile, policy, family, member, createdMillis,
                isProtected, snapshotCount, origin, attachment, next);
    }

    /// Whether it is to be made what it was at a snapshot.
    public boolean isToBe(VolumeSnapshotKey snapshot) {
        return asOf.filter(due -> due.snapshot().equals(snapshot.name())).isPresent();
    }
}
