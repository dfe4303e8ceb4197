/// Fakes of the ledger for other modules' tests, and the contracts that fakes and real ones both pass.
@NullMarked
package io.holdfast.consensus.testing;

import org.jspecify.annotations.NullMarked;
