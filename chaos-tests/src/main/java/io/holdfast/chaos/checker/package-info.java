/// Judges of histories. Each states one promise, finds every breach that its evidence can show, and names the
/// breached rule; a planted bug counts as caught only when the right rule is named.
///
/// Checks that take linear time (versioned registers, sets, totals, leases, watches, at-most-once) come
/// first; the exponential search of [io.holdfast.chaos.checker.LinearizabilityChecker] is kept for short
/// histories of single keys and has a budget: when that is spent the verdict is `Undecided`, never `Passed`.
@NullMarked
package io.holdfast.chaos.checker;

import org.jspecify.annotations.NullMarked;
