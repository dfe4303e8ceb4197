package io.holdfast.node.app;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reclaims what snapshots take: has those beyond an application's retention pruned, and deletes the packs
/// on this host that no snapshot in the catalog uses; their blobs go by themselves. Called by one thread.
public final class SnapshotSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSweeper.class);

    /// A pack is written before the catalog knows its snapshot.
    private static final Duration UNKNOWN_KEPT = Duration.ofMinutes(10);

    private final HostKit kit;

    public SnapshotSweeper(HostKit kit) {
        this.kit = kit;
    }

    /// One pass.
    ///
    /// @param leads whether this node is the one that prunes
    public void sweep(boolean leads) throws IOException {
        Set<StoredBlob> known = new HashSet<>();
        List<ApplicationKey> beyond = new ArrayList<>();
        kit.catalog().applications(application -> {
            if (application.value().snapshotCount() > 0) {
                kit.catalog().snapshots(application.key()).forEach(snapshot ->
                        snapshot.value().stored().ifPresent(stored -> known.addAll(stored.packs())));
            }
            if (isBeyond(application)) {
                beyond.add(application.key());
            }
        });
        int swept = kit.snapshots().sweep(known, kit.clock().instant().minus(UNKNOWN_KEPT));
        if (swept > 0) {
            LOG.info("deleted packs that no snapshot uses: count={}", swept);
        }
        if (leads) {
            beyond.forEach(this::prune);
        }
    }

    private static boolean isBeyond(Versioned<ApplicationKey, ApplicationEntry> application) {
        ApplicationEntry entry = application.value();
        return entry.readyCount() > entry.keepCount()
                || (entry.readyCount() > 0 && entry.keepMillis() < Long.MAX_VALUE);
    }

    private void prune(ApplicationKey application) {
        try {
            GridReply reply = kit.ledger()
                    .propose(new SnapshotCommand.Prune(application, SnapshotCommand.Prune.LIMIT_MAX));
            LOG.debug("pruned: application={} reply={}", application, reply);
        } catch (ConsensusException unavailable) {
            LOG.debug("not pruned: application={} reason={}", application, unavailable.getMessage());
        }
    }
}
