/// Applying an entry: each command at most once per session, all of them in one transaction together with
/// the position, the sessions' results and the history. Knows neither the consensus library nor the store.
///
/// Everything here is confined to the apply thread of its group. Entry class:
/// [io.holdfast.consensus.apply.EntryApplier].
@NullMarked
package io.holdfast.consensus.apply;

import org.jspecify.annotations.NullMarked;
