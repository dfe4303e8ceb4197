/// The life of a node: its states, the order in which its parts start, and the reverse order in which they
/// stop.
@NullMarked
package io.holdfast.node.lifecycle;

import org.jspecify.annotations.NullMarked;
