package io.holdfast.node.image;

import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.layer.LayerRules;
import io.holdfast.gridstate.layer.LayerState;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.node.ledger.LedgerAccess;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes layers out of the registry that nothing referred to for the grace period; their blobs then go by
/// themselves. Called by one thread, on the leader.
public final class LayerReclaimer {
    private static final Logger LOG = LoggerFactory.getLogger(LayerReclaimer.class);

    /// Commands of one pass; the next one goes on.
    private static final int COMMANDS_MAX = 256;

    private final LedgerAccess ledger;
    private final ClusterImages images;
    private final InstantSource clock;

    public LayerReclaimer(LedgerAccess ledger, ClusterImages images, InstantSource clock) {
        this.ledger = ledger;
        this.images = images;
        this.clock = clock;
    }

    /// One pass. The ledger decides by its own time; what it refuses is tried again.
    ///
    /// @return how many layers went
    public int step() {
        List<GridCommand> due = new ArrayList<>();
        images.layers(layer -> {
            switch (layer.value().state()) {
                case LayerState.Referenced _ -> {
                    // It stays.
                }
                case LayerState.Unreferenced(long since) -> {
                    if (since <= clock.millis() - LayerRules.GRACE_MILLIS) {
                        due.add(new LayerCommand.MarkReclaimable(layer.key()));
                    }
                }
                case LayerState.Reclaimable _ -> due.add(new LayerCommand.Delete(layer.key()));
            }
        });
        int gone = 0;
        for (GridCommand command : due.subList(0, Math.min(due.size(), COMMANDS_MAX))) {
            boolean isDone = ledger.submit(command) instanceof GridReply.Accepted;
            gone += isDone && command instanceof LayerCommand.Delete ? 1 : 0;
        }
        if (gone > 0) {
            LOG.info("layers that nothing referred to are gone: count={}", gone);
        }
        return gone;
    }
}
