package io.holdfast.hostio.volume;

import io.holdfast.hostio.log.BlockPlace;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How much of each chunk the maps refer to, and what the cleaner needs to know beside. Guarded by the
/// family.
final class ChunkUsage {
    private final Map<Long, Use> chunks = new HashMap<>();
    private @Nullable Use last;

    /// A chunk's numbers.
    static final class Use {
        final long number;
        long usefulBlocks;
        long lengthBytes;
        int rows;
        int generation;
        long firstSequence;
        long lastSequence;
        boolean isSealed;

        Use(long number) {
            this.number = number;
        }
    }

    Use use(long number) {
        Use recent = last;
        if (recent != null && recent.number == number) {
            return recent;
        }
        Use found = chunks.computeIfAbsent(number, Use::new);
        last = found;
        return found;
    }

    void referred(long place) {
        use(BlockPlace.chunk(place)).usefulBlocks++;
    }

    void dropped(long place) {
        Use use = use(BlockPlace.chunk(place));
        use.usefulBlocks = Math.max(0, use.usefulBlocks - 1);
    }

    void remove(long number) {
        chunks.remove(number);
        last = null;
    }

    /// Takes over a new count.
    void setUseful(Map<Long, Long> counted) {
        chunks.values().forEach(use -> use.usefulBlocks = counted.getOrDefault(use.number, 0L));
    }

    Map<Long, Use> all() {
        return chunks;
    }
}
