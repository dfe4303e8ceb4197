package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.LongTable;
import io.holdfast.hostio.log.BlockPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /// Takes over a new count of what volumes refer to.
    void setUseful(Map<Long, Long> counted) {
        for (Use use : chunks.values()) {
            if (use.generation != VolumeStore.MAP_LANE) {
                use.usefulBlocks = counted.getOrDefault(use.number, 0L);
            }
        }
    }

    /// A new checkpoint has its pages and tables here, and nowhere else.
    void setCheckpointPlaces(LongTable places) {
        for (Use use : chunks.values()) {
            if (use.generation == VolumeStore.MAP_LANE) {
                use.usefulBlocks = 0;
            }
        }
        places.forEach((_, place) -> {
            if (place != BlockPlace.NONE) {
                use(BlockPlace.chunk(place)).usefulBlocks++;
            }
        });
    }

    /// Forgets all other chunks.
    void retain(Set<Long> numbers) {
        chunks.keySet().retainAll(numbers);
        last = null;
    }

    List<FamilyTable.ChunkLine> sealedLines() {
        return chunks.values().stream()
                .filter(use -> use.isSealed)
                .map(use -> new FamilyTable.ChunkLine(
                        use.number,
                        use.generation,
                        use.rows,
                        use.lengthBytes,
                        use.firstSequence,
                        use.lastSequence))
                .toList();
    }

    void restore(List<FamilyTable.ChunkLine> lines) {
        for (FamilyTable.ChunkLine line : lines) {
            Use use = use(line.number());
            use.isSealed = true;
            use.generation = line.lane();
            use.rows = line.rows();
            use.lengthBytes = line.lengthBytes();
            use.firstSequence = line.firstSequence();
            use.lastSequence = line.lastSequence();
        }
    }

    Map<Long, Use> all() {
        return chunks;
    }
}
