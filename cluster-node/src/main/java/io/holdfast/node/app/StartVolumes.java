package io.holdfast.node.app;

import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The volumes of an instance that is being started. Confined to whoever starts it.
final class StartVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(StartVolumes.class);

    private final VolumeMounts mounts;
    private final List<VolumeMounts.Wish> wishes;
    private String note = "";

    StartVolumes(VolumeMounts mounts, List<VolumeMounts.Wish> wishes) {
        this.mounts = mounts;
        this.wishes = wishes;
    }

    /// Mounts them as they are; answers their folders by their names.
    Map<String, Path> mount() throws StartFailedException {
        Map<String, Path> folders = new HashMap<>();
        for (VolumeMounts.Wish wish : wishes) {
            folders.put(wish.volume(), mounts.mount(wish));
        }
        return folders;
    }

    /// Mounts them as they were at a snapshot; empty if something was written since that counts: memory and
    /// disk would not fit. Doing so again for the same snapshot undoes what was written since the first
    /// time.
    Optional<Map<String, Path>> mountAsOf(SnapshotKey key, SnapshotEntry snapshot)
            throws StartFailedException {
        Map<String, Path> folders = new HashMap<>();
        for (VolumeMounts.Wish wish : wishes) {
            Optional<VolumeSnapshotKey> cut = snapshot.of(wish.volume());
            Optional<Path> folder = cut.isEmpty() ? Optional.empty() : mounts.mountAsOf(wish, cut.get());
            if (folder.isEmpty()) {
                note = "; not from " + key.name() + ", since " + wish.volume() + " was written to after it";
                LOG.info("a snapshot is passed over, its volume was written to since: key={} volume={}", key,
                        wish.volume());
                return Optional.empty();
            }
            folders.put(wish.volume(), folder.get());
        }
        return Optional.of(folders);
    }

    /// Why no snapshot was of use, for people; empty if none was passed over.
    String note() {
        return note;
    }
}
