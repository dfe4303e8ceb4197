/// What the ledger asks of the store under it: one transaction per entry, committed together with the
/// entry's position, and the keyspaces that the ledger keeps for itself.
@NullMarked
package io.holdfast.consensus.store;

import org.jspecify.annotations.NullMarked;
