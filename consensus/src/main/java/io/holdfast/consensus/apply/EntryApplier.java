package io.holdfast.consensus.apply;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.entry.LedgerEntry;
import io.holdfast.consensus.history.HistoryChain;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.store.LedgerStore;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Applies entries to a store. Confined to the apply thread, except for the counters, which any thread may
/// read.
///
/// An exception out of it means that memory and store may differ: the log it belongs to must stop.
public final class EntryApplier {
    private final LedgerStore store;
    private final LedgerStateMachine machine;
    private final HistoryChain history;
    private final SessionTable sessions;
    private volatile Counts counts = new Counts(0, 0, 0);

    /// Continues from what the store holds.
    public EntryApplier(LedgerStore store, LedgerStateMachine machine, ApplyLimits limits) {
        this.store = store;
        this.machine = machine;
        this.history = HistoryChain.load(store, limits.history());
        this.sessions = SessionTable.load(store, limits);
    }

    /// Applies all commands of an entry in one transaction and says what became of each, in their order.
    public List<Outcome> apply(Position position, byte[] bytes) {
        LedgerEntry entry = LedgerEntry.decode(ByteBuffer.wrap(bytes));
        long timeMillis = history.effectiveMillis(entry.stampedMillis());
        LedgerTransaction transaction = store.begin();
        sessions.expire(transaction, timeMillis);
        List<Outcome> outcomes = new ArrayList<>(entry.proposals().size());
        int applied = 0;
        for (Proposal proposal : entry.proposals()) {
            CommandContext context = new CommandContext(position.index(), outcomes.size(), timeMillis);
            Optional<Outcome> known = sessions.find(proposal, context.ordinal(), timeMillis);
            if (known.isEmpty()) {
                outcomes.add(applyCommand(context, proposal, transaction));
                applied++;
            } else {
                outcomes.add(known.get());
            }
        }
        sessions.store(transaction, position.index().value());
        history.append(transaction, position, timeMillis, bytes);
        transaction.commit(position);
        counts = counts.plus(applied, outcomes.size() - applied);
        machine.onEntryApplied(position.index());
        return outcomes;
    }

    private Outcome applyCommand(CommandContext context, Proposal proposal, LedgerTransaction transaction) {
        byte[] reply = machine.apply(context, proposal.command(), transaction);
        Committed committed = new Committed(context.index(), context.ordinal(), reply);
        sessions.remember(proposal, committed);
        return new Outcome.Applied(committed);
    }

    /// The effective time of the newest entry, 0 without one. Apply thread only.
    public long timeMillis() {
        return history.timeMillis();
    }

    public Counts counts() {
        return counts;
    }

    /// What was applied since the applier was made.
    ///
    /// @param entries entries
    /// @param commands commands that were applied
    /// @param repeated commands that were answered without being applied
    public record Counts(long entries, long commands, long repeated) {
        Counts plus(long moreCommands, long moreRepeated) {
            return new Counts(entries + 1, commands + moreCommands, repeated + moreRepeated);
        }
    }
}
