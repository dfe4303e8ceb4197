/// The hash-chained history: every entry is kept with the hash of the one before, so that a change of the
/// past is found offline, without trusting the peer that shows it.
///
/// Old entries are dropped within the bounds of [io.holdfast.consensus.history.HistoryRetention]; the hash
/// before the oldest kept one is the anchor up to which the past is vouched for.
@NullMarked
package io.holdfast.consensus.history;

import org.jspecify.annotations.NullMarked;
