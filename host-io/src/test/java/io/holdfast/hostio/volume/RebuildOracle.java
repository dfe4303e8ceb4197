package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.ScannedRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compares the maps that a store serves with those that the log alone tells. Places may differ where a block
/// lies twice, but not when it was written first.
final class RebuildOracle {
    private final VolumeStore store;
    private final Map<Long, List<ScannedRow>> rows = new HashMap<>();

    private RebuildOracle(VolumeStore store) {
        this.store = store;
    }

    /// The first difference, or nothing. The store must not change meanwhile.
    static @Nullable String difference(VolumeStore store) {
        return new RebuildOracle(store).compare();
    }

    private @Nullable String compare() {
        Family served = store.family();
        Family rebuilt = store.rebuilt();
        String members = members(served);
        if (!members.equals(members(rebuilt))) {
            return "volumes " + members + ", rebuilt " + members(rebuilt);
        }
        String difference = null;
        for (Family.Member member : served.members().toList()) {
            MapVersion other = rebuilt.member(member.number).orElseThrow().live;
            difference = difference != null ? difference : compare(member.live, other);
        }
        for (Map.Entry<Integer, Family.PinnedVersion> pinned : served.allPinned().entrySet()) {
            MapVersion other = rebuilt.pinned(pinned.getKey()).orElseThrow().version();
            difference = difference != null ? difference : compare(pinned.getValue().version(), other);
        }
        return difference;
    }

    private static String members(Family family) {
        return family.members()
                        .map(member -> member.number + ":" + member.sizeBytes)
                        .collect(Collectors.joining(","))
                + " versions " + family.allPinned().keySet();
    }

    private @Nullable String compare(MapVersion served, MapVersion rebuilt) {
        long end = Math.max(served.blockLimit(), rebuilt.blockLimit());
        long block = Math.min(served.next(true, 0, end), rebuilt.next(true, 0, end));
        while (block < end) {
            String is = written(served.get(block));
            String should = written(rebuilt.get(block));
            if (!is.equals(should)) {
                return "generation " + served.generation() + " block " + block + " is " + is + " at "
                        + BlockPlace.text(served.get(block)) + ", rebuilt " + should + " at "
                        + BlockPlace.text(rebuilt.get(block));
            }
            block = Math.min(served.next(true, block + 1, end), rebuilt.next(true, block + 1, end));
        }
        return null;
    }

    /// What a place holds: which block, and when it was written first.
    private String written(long place) {
        if (place == BlockPlace.NONE) {
            return "nothing";
        }
        ScannedRow row = rows.computeIfAbsent(BlockPlace.chunk(place), this::scan).get(BlockPlace.row(place));
        int strip = BlockPlace.strip(place);
        int block = BlockPlace.block(place);
        return StripBody.blockNumber(row.body(strip), block) + " of " + row.birth(strip, block);
    }

    private List<ScannedRow> scan(long chunk) {
        ChunkRecord record = store.log().chunk(chunk).orElseThrow();
        return store.log().scan(record);
    }
}
