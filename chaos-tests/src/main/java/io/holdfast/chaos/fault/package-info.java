/// What can go wrong, as values: each [io.holdfast.chaos.fault.Fault] can be applied to a
/// [io.holdfast.chaos.fault.FaultSite] and healed again, says what it is in one line, and is made from a seed
/// by a [io.holdfast.chaos.fault.FaultPlan], so that a run can be repeated.
@NullMarked
package io.holdfast.chaos.fault;

import org.jspecify.annotations.NullMarked;
