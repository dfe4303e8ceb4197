/// Versioned values under names, changed by compare-and-set: the cluster's settings.
@NullMarked
package io.holdfast.gridstate.setting;

import org.jspecify.annotations.NullMarked;
