package io.holdfast.node.membership;

import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Refused;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the cluster use newer formats as soon as every node understands them. Works on the leader only.
/// Confined to the thread that calls [#step()].
public final class LevelRaiser {
    private static final Logger LOG = LoggerFactory.getLogger(LevelRaiser.class);

    private final BooleanSupplier leads;
    private final NodeRoster roster;
    private final Function<ClusterCommand, GridReply> ledger;

    /// Makes a raiser.
    ///
    /// @param leads whether this node leads
    /// @param ledger proposes a command and waits for its answer
    public LevelRaiser(BooleanSupplier leads, NodeRoster roster, Function<ClusterCommand, GridReply> ledger) {
        this.leads = leads;
        this.roster = roster;
        this.ledger = ledger;
    }

    /// Raises the level if it can be.
    public void step() {
        NodeRoster.Picture picture = roster.picture();
        Optional<ClusterEntry> cluster = picture.cluster();
        if (cluster.isEmpty() || !leads.getAsBoolean()) {
            return;
        }
        int common = picture.members().values().stream()
                .mapToInt((NodeEntry node) -> node.description().level())
                .min()
                .orElse(0);
        if (common > cluster.get().level()) {
            // A node that joins meanwhile may be older: the ledger refuses then; a later step tries again.
            GridReply reply = ledger.apply(new ClusterCommand.RaiseLevel(common));
            LOG.info("level of formats: from={} to={} outcome={}", cluster.get().level(), common,
                    reply instanceof Refused refused ? refused.message() : "raised");
        }
    }
}
