/// What can be asked of the cluster state: every command there is, and the envelope it travels in.
///
/// [io.holdfast.gridstate.command.GridCommand] is sealed, with one sealed interface per catalog; each
/// command is a record that checks what does not depend on state. What it means is decided by the catalog's
/// rules when the ledger applies it.
@NullMarked
package io.holdfast.gridstate.command;

import org.jspecify.annotations.NullMarked;
