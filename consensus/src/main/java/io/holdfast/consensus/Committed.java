package io.holdfast.consensus;

/// A command's outcome: it stands in the ledger and was applied.
///
/// @param index the entry that holds the command
/// @param ordinal the command's position among those that share the entry, from 0
/// @param reply what the state machine answered; a refusal is an answer too
@SuppressWarnings("ArrayRecordComponent") // Handed over, never shared: a copy per command would be garbage.
public record Committed(LogIndex index, int ordinal, byte[] reply) {}
