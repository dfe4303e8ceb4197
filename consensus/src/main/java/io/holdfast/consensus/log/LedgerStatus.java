package io.holdfast.consensus.log;

import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.LogIndex;

/// One look at a group's log on one peer, as plain values. Counters grow from the moment it was opened.
///
/// @param group the group
/// @param leadership who leads, as far as this peer knows
/// @param leaseHeld whether this peer leads and heard from a majority within the lease
/// @param progress how far this peer has come
/// @param proposals what waits at this peer and what went through it
public record LedgerStatus(
        GroupId group, Leadership leadership, boolean leaseHeld, Progress progress, Proposals proposals) {
    /// How far a peer has come.
    ///
    /// @param applied the newest entry whose writes are visible
    /// @param committed the newest entry this peer knows to be on a majority
    /// @param lastSnapshot the entry of the newest stored snapshot, zero without one
    /// @param entriesApplied entries applied since the log was opened
    /// @param commandsApplied commands applied since the log was opened
    /// @param commandsRepeated retries answered from a session's memory since the log was opened
    public record Progress(
            LogIndex applied,
            LogIndex committed,
            LogIndex lastSnapshot,
            long entriesApplied,
            long commandsApplied,
            long commandsRepeated) {
        /// Entries known to be committed and not yet applied here.
        public long lagEntries() {
            return Math.max(0, committed.value() - applied.value());
        }
    }

    /// What waits at a leader and what went through it.
    ///
    /// @param queuedCommands proposals waiting for their entry
    /// @param queuedBytes the bytes of their commands
    /// @param entriesOutstanding entries on their way to a majority
    /// @param entriesProposed entries proposed since the log was opened
    /// @param commandsProposed commands proposed since the log was opened
    /// @param commandsRefused commands refused since the log was opened because too much waited already
    public record Proposals(
            int queuedCommands,
            long queuedBytes,
            int entriesOutstanding,
            long entriesProposed,
            long commandsProposed,
            long commandsRefused) {}
}
