package io.holdfast.gridstate.command;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredFile;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.gridstate.volume.VolumePin;
import java.util.List;
import java.util.Optional;

/// Commands of the snapshot catalog.
public sealed interface SnapshotCommand extends GridCommand {
    /// Sets what a tenant's snapshots may hold. Less than they hold now only stops new ones.
    record SetQuota(String tenant, long quotaBytes, ExpectedVersion expected) implements SnapshotCommand {
        public SetQuota {
            Check.name("a tenant's name", tenant);
            Check.notNegative("a quota", quotaBytes);
        }

        @Override
        public String target() {
            return tenant;
        }
    }

    /// Sets what is kept of an application's snapshots; [Prune] brings it about.
    record SetRetention(ApplicationKey application, int keepCount, long keepMillis, ExpectedVersion expected)
            implements SnapshotCommand {
        public SetRetention {
            Check.range("snapshots to keep", keepCount, 1, ApplicationEntry.SNAPSHOTS_MAX);
            Check.range("a time to keep", keepMillis, 1, Long.MAX_VALUE);
        }

        @Override
        public String target() {
            return application.toString();
        }
    }

    /// Begins making a snapshot. The maker's token must be newer than that of any maker before for the
    /// application and host class, or that of the current maker with nothing in the making; a newer one
    /// condemns what an older one was making.
    record Begin(SnapshotKey key, SnapshotDraft draft, FencingToken maker) implements SnapshotCommand {
        @Override
        public String target() {
            return key.toString();
        }
    }

    /// Ends the making: the files are stored and durable.
    ///
    /// @param files what it consists of in chunks
    /// @param whole what it consists of elsewhere
    /// @param pins the versions of volumes of the same moment, each volume once
    record Complete(
            SnapshotKey key,
            FencingToken maker,
            List<StoredFile> files,
            Optional<StoredImage> whole,
            List<VolumePin> pins)
            implements SnapshotCommand {
        public Complete {
            files = Check.atMost("a snapshot's files", files, SnapshotEntry.FILES_MAX);
            pins = Check.atMost("a snapshot's volumes", pins, ApplicationSpec.MOUNTS_MAX);
        }

        /// Of something without volumes.
        public Complete(
                SnapshotKey key, FencingToken maker, List<StoredFile> files, Optional<StoredImage> whole) {
            this(key, maker, files, whole, List.of());
        }

        @Override
        public String target() {
            return key.toString();
        }
    }

    /// Takes a snapshot out of use for good.
    record Condemn(SnapshotKey key, String reason, ExpectedVersion expected) implements SnapshotCommand {
        public Condemn {
            Check.note("a reason", reason, 512);
        }

        @Override
        public String target() {
            return key.toString();
        }
    }

    /// Protects a snapshot from being deleted, pruned and condemned, or stops doing so.
    record SetProtection(SnapshotKey key, boolean isProtected, ExpectedVersion expected)
            implements SnapshotCommand {
        @Override
        public String target() {
            return key.toString();
        }
    }

    /// Deletes ready snapshots beyond the retention, oldest first. Answers with how many went and whether
    /// more would.
    record Prune(ApplicationKey application, int limit) implements SnapshotCommand {
        /// Snapshots that one command may delete.
        public static final int LIMIT_MAX = 64;

        public Prune {
            Check.range("a limit", limit, 1, LIMIT_MAX);
        }

        @Override
        public String target() {
            return application.toString();
        }
    }

    /// Deletes a ready or condemned snapshot that is neither protected nor a parent.
    record Delete(SnapshotKey key, ExpectedVersion expected) implements SnapshotCommand {
        @Override
        public String target() {
            return key.toString();
        }
    }

    /// Makes the application go on from a ready snapshot: instances that run give way to ones that are
    /// restored from it, on volumes as they were then.
    ///
    /// @param rollsBack whether what was written to its volumes since may be lost; without this it is
    /// refused if there may be such
    record Restore(SnapshotKey key, boolean rollsBack) implements SnapshotCommand {
        @Override
        public String target() {
            return key.toString();
        }
    }
}
