/// The catalogs: typed commands, the deterministic state machine that decides them, and their copy in the
/// grid.
@NullMarked
package io.holdfast.gridstate;

import org.jspecify.annotations.NullMarked;
