package io.holdfast.consensus.statemachine;

import io.holdfast.consensus.LogIndex;
import java.util.List;

/// Gives commands their meaning. Deterministic: the result depends on nothing but the transaction's
/// content, the context and the command. Confined to the apply thread of its group, except where a method
/// says otherwise.
///
/// A command that is refused (a rule is broken, the bytes cannot be decoded) is answered with a reply that
/// says so and leaves the transaction as it was; an exception out of [#apply] is a broken invariant and
/// stops the node.
public interface LedgerStateMachine {
    /// The keyspaces it uses, the same at every start; adding one is compatible, dropping one is not.
    List<Keyspace> keyspaces();

    /// Applies one command and answers it.
    byte[] apply(CommandContext context, byte[] command, StateTransaction transaction);

    /// The entry and everything its commands wrote is now visible in the store and durable in the ledger.
    void onEntryApplied(LogIndex index);

    /// The store's whole content is that of the entry, without the entries before having been applied here:
    /// at start and after a snapshot was installed from the leader.
    void onStateReplaced(StateStore store);
}
