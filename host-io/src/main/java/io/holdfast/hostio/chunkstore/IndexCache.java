package io.holdfast.hostio.chunkstore;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Bounds the memory of the fragments' row indexes: those not used for longest are dropped and read again
/// from disk when they are needed. Concurrent: one lock, in which no fragment is locked.
final class IndexCache {
    private final long bytesMax;
    private final LinkedHashMap<Fragment, Integer> sizes = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    IndexCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// The fragment's index was used and has this size; may drop others'.
    void used(Fragment fragment, int indexBytes) {
        List<Fragment> dropped = new ArrayList<>(0);
        synchronized (sizes) {
            Integer before = sizes.put(fragment, indexBytes);
            bytes += indexBytes - (before == null ? 0 : before);
            Iterator<Map.Entry<Fragment, Integer>> eldest = sizes.entrySet().iterator();
            while (bytes > bytesMax && eldest.hasNext()) {
                Map.Entry<Fragment, Integer> entry = eldest.next();
                if (entry.getKey() != fragment) {
                    bytes -= entry.getValue();
                    dropped.add(entry.getKey());
                    eldest.remove();
                }
            }
        }
        dropped.forEach(other -> other.setIndex(null));
    }

    void forget(Fragment fragment) {
        synchronized (sizes) {
            Integer before = sizes.remove(fragment);
            bytes -= before == null ? 0 : before;
        }
    }
}
