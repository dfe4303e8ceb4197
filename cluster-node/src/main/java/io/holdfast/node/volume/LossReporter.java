package io.holdfast.node.volume;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkEntry;
import io.holdfast.gridstate.chunkmap.ChunkIndexes;
import io.holdfast.gridstate.chunkmap.ChunkIndexes.Placed;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the chunk map which fragments are lost for good: those of nodes that were evicted, and of disks
/// that do not open. From then on they are repaired. Confined to the thread that calls [#step].
public final class LossReporter {
    private static final Logger LOG = LoggerFactory.getLogger(LossReporter.class);
    private static final int FRAGMENTS_PER_STEP = 500;

    private final LedgerAccess ledger;
    private final Map<Integer, Placed> cursors = new HashMap<>();

    public LossReporter(LedgerAccess ledger) {
        this.ledger = ledger;
    }

    /// Goes on through the fragments that lie on a node.
    ///
    /// @param node its number
    /// @param isLost whether a disk of it, by number, is lost
    public void step(int node, Predicate<Integer> isLost) {
        List<Placed> placed = ChunkIndexes.onNode(
                ledger.state(), node, Optional.ofNullable(cursors.get(node)), FRAGMENTS_PER_STEP);
        int reported = 0;
        for (Placed fragment : placed) {
            if (isLost.test(fragment.disk()) && isNews(fragment)) {
                ledger.submit(new ChunkCommand.ReportLost(fragment.chunk(), 1L << fragment.fragment()));
                reported++;
            }
        }
        if (reported > 0) {
            LOG.warn("volumes: fragments are lost: node={} fragments={}", node, reported);
        }
        if (placed.size() < FRAGMENTS_PER_STEP) {
            cursors.remove(node);
        } else {
            cursors.put(node, placed.getLast());
        }
    }

    /// A fragment turned out to be damaged: it is as good as lost.
    public void report(FragmentId fragment) {
        Placed placed = new Placed(fragment.chunk(), fragment.index().value(), 0);
        if (isNews(placed)) {
            ledger.submit(new ChunkCommand.ReportLost(fragment.chunk(), 1L << placed.fragment()));
        }
    }

    /// An open chunk is its writer's business, who notices by itself.
    private boolean isNews(Placed fragment) {
        return ledger.reader().get(ChunkCatalogs.CHUNKS, fragment.chunk())
                .map(Versioned::value)
                .map(ChunkEntry::state)
                .filter(state -> switch (state) {
                    case ChunkState.Sealed _ -> true;
                    case ChunkState.AtRisk(long lost) -> (lost & (1L << fragment.fragment())) == 0;
                    case ChunkState.Open _, ChunkState.Released _ -> false;
                })
                .isPresent();
    }
}
