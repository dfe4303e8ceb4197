package io.holdfast.node.app;

import io.holdfast.gridstate.volume.VolumePin;
import java.util.List;

/// What the volumes of an instance held at one moment, kept until a snapshot names it. Concurrent; it ends
/// once, the first way counts.
public interface KeptVolumes extends AutoCloseable {
    /// Of an instance without volumes.
    KeptVolumes NONE = new KeptVolumes() {
        @Override
        public List<VolumePin> pins(boolean isAtRest) {
            return List.of();
        }

        @Override
        public void named(long version) {
            // Nothing was kept.
        }

        @Override
        public void leaveInDoubt() {
            // Nothing was kept.
        }

        @Override
        public void close() {
            // Nothing was kept.
        }
    };

    /// In the words of the ledger.
    ///
    /// @param isAtRest whether the instance stands still since
    List<VolumePin> pins(boolean isAtRest);

    /// They belong to a snapshot since this version.
    void named(long version);

    /// They may belong to a snapshot, or come to.
    void leaveInDoubt();

    /// Gives them up, unless one of the others was called before.
    @Override
    void close();
}
