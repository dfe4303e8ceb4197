package io.holdfast.gridstate;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.gridstate.audit.AuditEntry;
import io.holdfast.gridstate.audit.AuditLog;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import io.holdfast.gridstate.change.ChangeLog;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.gridstate.rule.RuleScope.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Gives the ledger's commands their meaning: decodes, has the catalog's rules decide, writes the audit and
/// the log of changes. Deterministic; keeps nothing in memory but what the store says again.
///
/// Confined to the apply thread of its group; only [#addListener] may be called from any thread.
public final class GridStateMachine implements LedgerStateMachine {
    private static final int VERSIONS_BY_COMMAND_LEVEL = 3;

    private final GridRules rules = new GridRules();
    private final ChangeLog changeLog = new ChangeLog(ChangeLog.BOUNDS);
    private final AuditLog auditLog = new AuditLog(AuditLog.RECORDS_MAX);
    private final List<AppliedListener> listeners = new CopyOnWriteArrayList<>();

    /// Reads every level that this release understands.
    private final GridCodec reader = new GridCodec();

    /// Writes at the cluster's level; absent until the store has been asked for it.
    private @Nullable GridCodec codec;

    /// Is told, on the apply thread, how far the store has come. Must not block.
    @FunctionalInterface
    public interface AppliedListener {
        /// Everything up to the entry is visible.
        void onApplied(LogIndex index);
    }

    public void addListener(AppliedListener listener) {
        listeners.add(listener);
    }

    @Override
    public List<Keyspace> keyspaces() {
        List<Keyspace> all = new ArrayList<>();
        for (Catalog<?, ?> catalog : GridCatalogs.ALL) {
            all.add(catalog.keyspace());
        }
        all.addAll(GridRules.indexes());
        all.addAll(ChangeLog.keyspaces());
        all.add(RuleScope.COUNTERS);
        return List.copyOf(all);
    }

    @Override
    public byte[] apply(CommandContext context, byte[] command, StateTransaction transaction) {
        GridCodec writer = codec(transaction);
        int level = reader.levelOf(command);
        if (level > writer.level()) {
            return writer.encodeReply(GridReply.refuse(
                    RefusalCode.UNSUPPORTED_LEVEL,
                    "the command is of a level that the cluster is not at: level=" + level + " cluster="
                            + writer.level(),
                    "raise the cluster's level once every node is upgraded"));
        }
        CommandEnvelope envelope;
        try {
            envelope = reader.decodeCommand(command);
        } catch (CorruptRecordException e) {
            return writer.encodeReply(GridReply.refuse(RefusalCode.INVALID, "no command: " + e.getMessage()));
        }
        GridReply reply = decide(context, envelope, writer, transaction);
        if (envelope.command() instanceof ClusterCommand.RaiseLevel
                || envelope.command() instanceof ClusterCommand.Found) {
            codec = null;
        }
        return writer.encodeReply(reply);
    }

    @Override
    public void onEntryApplied(LogIndex index) {
        for (AppliedListener listener : listeners) {
            listener.onApplied(index);
        }
    }

    @Override
    public void onStateReplaced(StateStore store) {
        codec = null;
        onEntryApplied(store.appliedIndex());
    }

    private GridReply decide(
            CommandContext context,
            CommandEnvelope envelope,
            GridCodec writer,
            StateTransaction transaction) {
        Versions versions = writer.level() < VERSIONS_BY_COMMAND_LEVEL ? Versions.ENTRY : Versions.COMMAND;
        RuleScope scope = new RuleScope(transaction, writer, context, versions, envelope.actor());
        GridReply reply = rules.decide(scope, envelope.command());
        if (reply instanceof GridReply.Refused) {
            // What a refused command wrote is dropped with its scope.
            scope = new RuleScope(transaction, writer, context, versions, envelope.actor());
        }
        if (envelope.actor() instanceof Actor.User user) {
            auditLog.append(scope, auditOf(context, envelope, user, reply));
        }
        scope.commit(transaction, changeLog);
        return reply;
    }

    private static AuditEntry auditOf(
            CommandContext context, CommandEnvelope envelope, Actor.User user, GridReply reply) {
        String outcome =
                switch (reply) {
                    case GridReply.Accepted _ -> "accepted";
                    case GridReply.Refused refused -> refused.code().problemCode();
                };
        return new AuditEntry(
                context.index().value(),
                context.timeMillis(),
                user.name(),
                envelope.requestId(),
                envelope.command().kind(),
                envelope.command().target(),
                outcome);
    }

    private GridCodec codec(StateReader state) {
        GridCodec known = codec;
        if (known == null) {
            int level = new CatalogReader(state, reader)
                    .get(ClusterCatalogs.CLUSTER, ClusterEntry.KEY)
                    .map(cluster -> cluster.value().level())
                    // Before there is a cluster there is no older node to shut out.
                    .orElse(GridCodec.LEVEL_MAX);
            if (level > GridCodec.LEVEL_MAX) {
                throw new IllegalStateException(
                        "the cluster is at a level that this release does not know: level=" + level
                                + " known=" + GridCodec.LEVEL_MAX);
            }
            known = new GridCodec(level);
            codec = known;
        }
        return known;
    }
}
