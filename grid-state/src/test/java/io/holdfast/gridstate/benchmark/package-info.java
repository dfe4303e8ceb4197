/// Programs that measure; no tests.
@NullMarked
package io.holdfast.gridstate.benchmark;

import org.jspecify.annotations.NullMarked;
