/// What users did or tried: one record per command of a user, accepted or refused, newest first, the oldest
/// dropped beyond a bound. Beside it, with a bound of its own, what callers were refused who had no right to
/// it.
@NullMarked
package io.holdfast.gridstate.audit;

import org.jspecify.annotations.NullMarked;
