package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.log.BlockPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Looks where a blob lies. Concurrent; blocks.
final class BlobSurvey {
    private final PlaceFinder finder;
    private final ChunkDirectory directory;

    BlobSurvey(PlaceFinder finder, ChunkDirectory directory) {
        this.finder = finder;
        this.directory = directory;
    }

    BlobWhereabouts of(StoredBlob blob) throws BlobUnavailableException {
        try {
            return sum(blob, blocksByChunk(blob));
        } catch (ChunkDirectoryException undecided) {
            throw new BlobUnavailableException(String.valueOf(undecided.getMessage()), undecided);
        }
    }

    private Map<Long, Long> blocksByChunk(StoredBlob blob) throws BlobUnavailableException {
        Map<Long, Long> counted = new HashMap<>();
        long first = blob.offset() / OpenBlob.BLOCK_BYTES;
        long end = first + (blob.lengthBytes() + OpenBlob.BLOCK_BYTES - 1) / OpenBlob.BLOCK_BYTES;
        while (first < end) {
            int count = (int) Math.min(PlaceFinder.BLOCKS_MAX, end - first);
            for (long place : finder.find(blob.family(), first, count)) {
                if (place != BlockPlace.NONE) {
                    counted.merge(BlockPlace.chunk(place), 1L, Long::sum);
                }
            }
            first += count;
        }
        return counted;
    }

    private BlobWhereabouts sum(StoredBlob blob, Map<Long, Long> blocksByChunk) {
        Set<String> profiles = new TreeSet<>();
        Set<Integer> nodes = new TreeSet<>();
        long useful = 0;
        long stored = 0;
        int atRisk = 0;
        for (Map.Entry<Long, Long> each : blocksByChunk.entrySet()) {
            long bytes = each.getValue() * OpenBlob.BLOCK_BYTES;
            useful += bytes;
            Optional<ChunkRecord> found =
                    directory.find(new ChunkId(blob.family().value(), each.getKey()));
            if (found.isPresent()) {
                ChunkRecord chunk = found.get();
                stored += bytes * chunk.profile().strips() / chunk.profile().dataStrips();
                profiles.add(chunk.profile().dataStrips() + "+" + chunk.profile().parityStrips());
                atRisk += chunk.lostMask() == 0 ? 0 : 1;
                for (int i = 0; i < chunk.holders().size(); i++) {
                    if (!chunk.isLost(i)) {
                        nodes.add(chunk.holders().get(i).host());
                    }
                }
            }
        }
        return new BlobWhereabouts(
                List.copyOf(profiles), useful, stored, blocksByChunk.size(), atRisk, nodes);
    }
}
