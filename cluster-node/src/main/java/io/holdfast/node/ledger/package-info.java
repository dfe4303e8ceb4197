/// A node's way into the ledger: gives each command a place in a session, brings it to whoever leads, and
/// repeats it until its outcome is known or its deadline has passed. Entry class:
/// [io.holdfast.node.ledger.LedgerClient].
@NullMarked
package io.holdfast.node.ledger;

import org.jspecify.annotations.NullMarked;
