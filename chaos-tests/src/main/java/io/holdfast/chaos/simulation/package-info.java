/// A cluster in one thread and virtual time, small enough to be read and fast enough for thousands of runs:
/// replicated ledger, deterministic state machine, served grid, watches, leases and fenced stores, built
/// by the
/// same rules as the product, under crashes, cuts and lost messages drawn from a seed. Entry class:
/// [io.holdfast.chaos.simulation.ModelRun].
///
/// It serves the judges: each [io.holdfast.chaos.simulation.Bug] can be planted in it, and the checkers must
/// name it; without a bug they must be silent.
@NullMarked
package io.holdfast.chaos.simulation;

import org.jspecify.annotations.NullMarked;
