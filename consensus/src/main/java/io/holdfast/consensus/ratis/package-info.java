/// The ledger on Apache Ratis; nothing else imports `org.apache.ratis`.
///
/// Entry class: `LedgerServer`, one per process.
@NullMarked
package io.holdfast.consensus.ratis;

import org.jspecify.annotations.NullMarked;
