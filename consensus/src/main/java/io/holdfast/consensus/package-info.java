/// The replicated ledger: the only place where cluster state changes.
///
/// A caller hands a [io.holdfast.consensus.Proposal] to a [io.holdfast.consensus.log.ReplicatedLog]; the
/// leader groups several callers' commands into one entry, a majority stores it, and every peer applies it
/// to its own [io.holdfast.consensus.statemachine.StateStore], atomically with the entry's index and with
/// the hash that chains it to the entry before.
///
/// Invariants: an entry that was reported as committed is never lost; a proposal of a session is applied at
/// most once; the effective time of entries never goes back; applying reads no clock and no randomness.
/// Entry classes: `LedgerServer` (one per process) and `ReplicatedLog` (one per group on it).
@NullMarked
package io.holdfast.consensus;

import org.jspecify.annotations.NullMarked;
