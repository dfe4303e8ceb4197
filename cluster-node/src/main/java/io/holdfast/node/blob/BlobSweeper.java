package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.blob.BlobRange;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.volume.FamilyHost;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives back the space of blobs that no catalog refers to: those of deleted records, and those whose putter
/// died before it entered them. A node looks after its own volume, the leader after those of nodes that are
/// gone for good. Confined to the thread that calls [#step()].
public final class BlobSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(BlobSweeper.class);

    private final StripedBlobs blobs;
    private final LedgerAccess ledger;
    private final FamilyHost hosted;
    private final List<BlobReferences> references;
    private final IntPredicate isMine;
    private final InstantSource clock;
    private final String self;

    /// Makes a sweeper.
    ///
    /// @param references of every catalog that refers to blobs: what none of them names is deleted
    /// @param isMine whether this node looks after the volume of the node with this number
    public BlobSweeper(
            StripedBlobs.Ground ground,
            StripedBlobs blobs,
            List<BlobReferences> references,
            IntPredicate isMine) {
        this.blobs = blobs;
        this.ledger = ground.ledger();
        this.hosted = ground.families();
        this.references = List.copyOf(references);
        this.isMine = isMine;
        this.clock = ground.clock();
        this.self = ground.self();
    }

    /// One look at every volume that this node looks after and no other has open.
    public void step() {
        Set<StreamId> mine = new HashSet<>();
        blobs.families().volumes().all().forEach((node, family) -> {
            if (isMine.test(node)) {
                mine.add(family);
            }
        });
        blobs.garbage().retain(mine);
        if (mine.isEmpty() || !isAnyWorthALook(mine)) {
            return;
        }
        // What was entered before now is known after this.
        ledger.barrier();
        Map<StreamId, Set<StoredBlob>> referenced = referenced(mine);
        for (StreamId family : mine) {
            if (isWorthALook(family, referenced.getOrDefault(family, Set.of()))) {
                look(family, referenced.getOrDefault(family, Set.of()));
            }
        }
    }

    private boolean isAnyWorthALook(Set<StreamId> mine) {
        Map<StreamId, Set<StoredBlob>> referenced = referenced(mine);
        return mine.stream()
                .anyMatch(family -> isWorthALook(family, referenced.getOrDefault(family, Set.of())));
    }

    private boolean isWorthALook(StreamId family, Set<StoredBlob> referenced) {
        Optional<String> holder = hosted.holder(family, clock.millis());
        return holder.filter(other -> !other.equals(self)).isEmpty()
                && (hosted.isOpen(family)
                        || blobs.garbage().isWorthALook(family, referenced, clock.millis()));
    }

    private Map<StreamId, Set<StoredBlob>> referenced(Set<StreamId> families) {
        Map<StreamId, Set<StoredBlob>> found = new HashMap<>();
        references.forEach(each -> each.forEach(blob -> {
            if (families.contains(blob.family())) {
                found.computeIfAbsent(blob.family(), _ -> new HashSet<>()).add(blob);
            }
        }));
        return found;
    }

    private void look(StreamId family, Set<StoredBlob> referenced) {
        List<BlobRange> taken = new ArrayList<>();
        referenced.forEach(blob -> taken.add(BlobRange.of(blob.offset(), blob.lengthBytes())));
        try {
            long bytes = blobs.families().in(family, (_, store) -> {
                long freed = 0;
                List<BlobRange> due = blobs.garbage()
                        .due(family, store.unreferenced(taken), referenced, clock.millis());
                for (BlobRange range : due) {
                    store.delete(range);
                    freed += range.lengthBytes();
                }
                return freed;
            });
            if (bytes > 0) {
                LOG.info("blobs: deleted what nothing refers to: family={} bytes={}", family, bytes);
            }
        } catch (IOException later) {
            LOG.info("blobs: swept later: family={} reason={}", family, later.getMessage());
        }
    }
}
