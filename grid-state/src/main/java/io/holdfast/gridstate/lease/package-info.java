/// Leases: who may write a volume, own a container or run a job, told by a fencing token.
///
/// Invariants: at most one holder per name; each grant has a greater token than any before of that name.
/// Time may end a lease; only the token protects what is written under it.
@NullMarked
package io.holdfast.gridstate.lease;

import org.jspecify.annotations.NullMarked;
