/// What a module that gives commands their meaning implements
/// ([io.holdfast.consensus.statemachine.LedgerStateMachine]) and what it is given: a transactional, ordered
/// byte store.
///
/// Everything written while one entry is applied becomes visible, and durable, together with the entry's
/// index, or not at all.
@NullMarked
package io.holdfast.consensus.statemachine;

import org.jspecify.annotations.NullMarked;
