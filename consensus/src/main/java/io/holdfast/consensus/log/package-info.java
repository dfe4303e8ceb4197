/// The replicated log as its callers see it: propose, read, follow.
///
/// Apart from the package of the words it is made of (`io.holdfast.consensus`), because it also speaks of
/// membership and of the stored state, which use those words themselves.
@NullMarked
package io.holdfast.consensus.log;

import org.jspecify.annotations.NullMarked;
