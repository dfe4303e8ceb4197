package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.MemoryFill;
import io.holdfast.hostio.checkpoint.WorkingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What restored programs touched soon, by the digest of their image; what was used longest ago is
/// forgotten. Concurrent, by its monitor.
final class WorkingSets {
    private static final int KEPT_MAX = 48;

    /// Fewer more are not worth writing images anew.
    private static final int GROWTH_MIN = 32;

    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private boolean isOfUse = true;

    /// What is known of an image that was restored here before.
    ///
    /// @param images those in which the set comes first, by their names, ready to be written
    record Known(WorkingSet set, Map<String, byte[]> images) {
        private static final Known NOTHING = new Known(WorkingSet.NONE, Map.of());
    }

    /// Whether memory is filled in later at all on this host.
    synchronized boolean isOfUse() {
        return isOfUse;
    }

    /// It cannot be done here.
    synchronized void giveUp() {
        isOfUse = false;
    }

    /// What is known of an image that is about to be restored; empty the first time, when nobody knows yet
    /// whether it will be again.
    synchronized Optional<Known> restoring(String manifestDigest) {
        Known before = known.putIfAbsent(manifestDigest, Known.NOTHING);
        if (known.size() > KEPT_MAX) {
            known.remove(known.keySet().iterator().next());
        }
        return Optional.ofNullable(before);
    }

    synchronized WorkingSet of(String manifestDigest) {
        return known.getOrDefault(manifestDigest, Known.NOTHING).set();
    }

    /// Adds what one restore has shown.
    ///
    /// @param images the folder that it was restored from
    void add(String manifestDigest, WorkingSet touched, Path images) throws IOException {
        WorkingSet before = of(manifestDigest);
        WorkingSet all = before.with(touched);
        if (all.size() - before.size() >= (before.isEmpty() ? 1 : GROWTH_MIN)) {
            Known grown = new Known(all, MemoryFill.putFirst(all, images));
            synchronized (this) {
                known.put(manifestDigest, grown);
            }
        }
    }
}
