/// The registry of image layers and other content-addressed blobs.
///
/// Invariants: a referrer counts once however often it is added; a count is never negative; a layer is
/// deleted only after it stood unreferenced for the grace period and was marked, and a reference taken in
/// between keeps it.
@NullMarked
package io.holdfast.gridstate.layer;

import org.jspecify.annotations.NullMarked;
