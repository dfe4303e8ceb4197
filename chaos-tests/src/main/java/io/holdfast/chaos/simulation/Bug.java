package io.holdfast.chaos.simulation;

/// Mistakes that can be planted in the model, one at a time.
public enum Bug {
    NONE,
    /// The leader answers once it alone has stored the entry.
    ACKNOWLEDGE_BEFORE_MAJORITY,
    /// A node says "stored" before it has flushed.
    ACKNOWLEDGE_BEFORE_FLUSH,
    /// A voter votes for a candidate whose log is older than its own.
    VOTE_FOR_OLDER_LOG,
    /// A voter forgets in a crash whom it voted for, and votes again.
    FORGET_VOTE,
    /// A node comes back with the disk of some time ago.
    RESTART_WITH_OLD_DISK,
    /// The leader answers reads without asking whether it still leads.
    READ_WITHOUT_CONFIRMATION,
    /// A follower answers reads that must be linearizable.
    READ_FROM_FOLLOWER,
    /// A request sent again is applied again.
    APPLY_RETRY_AGAIN,
    /// What a node remembers of answered requests is not part of its stored state.
    FORGET_REQUESTS_IN_CRASH,
    /// A condition is looked at when the command is proposed, not when it is applied.
    CHECK_CONDITION_EARLY,
    /// Conditions are ignored.
    IGNORE_CONDITION,
    /// A condition that holds is sometimes refused.
    REFUSE_WITHOUT_REASON,
    /// A client reports a call without an answer as failed.
    CALL_TIMEOUT_A_FAILURE,
    /// A transfer is two commands instead of one.
    SPLIT_TRANSFER,
    /// A transfer does not look at the balance.
    OVERDRAW,
    /// An element added while another is being added is dropped.
    DROP_SET_ELEMENT,
    /// A lease is granted though somebody holds it.
    GRANT_HELD_LEASE,
    /// A lease ends for the ledger before it ends for its holder.
    EXPIRE_LEASE_EARLY,
    /// A new grant has the token of the one before.
    REUSE_TOKEN,
    /// A store accepts work under an older token than it has seen.
    ACCEPT_OLD_TOKEN,
    /// The grid takes a value whatever version it has already.
    PUBLISH_WITHOUT_COMPARING,
    /// A new leader publishes only what it applied since it leads.
    PUBLISH_ONLY_OWN,
    /// Entries go to the grid before a majority has them.
    PUBLISH_UNCOMMITTED,
    /// The grid forgets a deletion at once.
    FORGET_TOMBSTONE,
    /// A resumed watch begins one change too late.
    RESUME_TOO_LATE,
    /// A resumed watch begins with the change seen last.
    RESUME_TOO_EARLY,
    /// A watch sees entries that are not committed.
    WATCH_UNCOMMITTED,
    /// A watch remembers the entry it has come to, not the change within it.
    FORGET_ORDINAL,
    /// A version is the leader's clock, and clocks differ.
    TAKE_VERSION_FROM_CLOCK
}
