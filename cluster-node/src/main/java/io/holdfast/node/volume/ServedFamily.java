package io.holdfast.node.volume;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.hostio.volume.VolumeStore;
import java.time.Duration;

/// A family that this node serves, while somebody works in it. Concurrent.
public final class ServedFamily {
    private final OpenFamily family;

    ServedFamily(OpenFamily family) {
        this.family = family;
    }

    /// Something to be done in a family.
    ///
    /// @param <T> what comes of it
    /// @param <X> what it may throw
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T doIn(ServedFamily family) throws X;
    }

    /// Under which it is written.
    public FencingToken token() {
        return family.token();
    }

    /// Closed by its host, not by whoever works in it.
    public VolumeStore store() {
        return family.store();
    }

    /// Writes as the catalog says now, from the next chunk on.
    public void use(VolumeEntry volume) {
        family.store().use(FamilyOpener.options(volume));
    }

    /// Stays open for so long when nobody uses it any more: each time it closes and opens costs chunks that
    /// are not full.
    public void linger(Duration idleMax) {
        family.linger(idleMax);
    }
}
