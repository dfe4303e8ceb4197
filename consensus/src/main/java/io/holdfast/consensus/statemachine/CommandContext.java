package io.holdfast.consensus.statemachine;

import io.holdfast.consensus.LogIndex;

/// Where a command stands in the ledger.
///
/// @param index the entry that holds it
/// @param ordinal its position within the entry, from 0
/// @param timeMillis the entry's effective time, milliseconds since 1970 UTC; never goes back from entry to
/// entry
public record CommandContext(LogIndex index, int ordinal, long timeMillis) {}
