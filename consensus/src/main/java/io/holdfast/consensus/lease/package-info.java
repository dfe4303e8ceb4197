/// Leases with fencing tokens, as a table inside a state machine: deterministic, told the time by the ledger.
///
/// Time decides when a lease may be given to somebody else; only the token, which never goes back for a
/// name, protects what the lease guards. Entry class: [io.holdfast.consensus.lease.LeaseTable].
@NullMarked
package io.holdfast.consensus.lease;

import org.jspecify.annotations.NullMarked;
