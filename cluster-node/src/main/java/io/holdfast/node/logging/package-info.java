/// What a node writes to its log: one line per event, what happened first, then `key=value` pairs.
@NullMarked
package io.holdfast.node.logging;

import org.jspecify.annotations.NullMarked;
