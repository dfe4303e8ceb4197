package io.holdfast.chaos.simulation;

/// What may stand in the model's ledger.
sealed interface ModelCommand {
    /// First entry of each term.
    record Nothing() implements ModelCommand {}

    /// Writes a register; -1 expects nothing, 0 that it is absent.
    record Put(String key, String value, long expectedVersion) implements ModelCommand {}

    /// Removes a register.
    record Remove(String key) implements ModelCommand {}

    /// Adds to the set.
    record Add(String element) implements ModelCommand {}

    /// Moves an amount if the balance allows it.
    record Transfer(String from, String to, long amount) implements ModelCommand {}

    /// Half of a transfer, for a planted bug.
    record Deposit(String account, long amount) implements ModelCommand {}

    /// Takes a lease that nobody holds.
    record Acquire(String lease, String holder, long ttlNanos) implements ModelCommand {}
}
