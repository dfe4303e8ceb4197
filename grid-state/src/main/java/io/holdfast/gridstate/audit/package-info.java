/// What users did or tried: one record per command of a user, accepted or refused, newest first, the oldest
/// dropped beyond a bound.
@NullMarked
package io.holdfast.gridstate.audit;

import org.jspecify.annotations.NullMarked;
