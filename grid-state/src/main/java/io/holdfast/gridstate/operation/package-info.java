/// Long work that outlives a request: who does it, how far it is, how it ended.
///
/// Invariants: an ended operation never changes; only its owner reports on it; of the ended ones a bounded
/// number is kept, of the others a bounded number is admitted.
@NullMarked
package io.holdfast.gridstate.operation;

import org.jspecify.annotations.NullMarked;
