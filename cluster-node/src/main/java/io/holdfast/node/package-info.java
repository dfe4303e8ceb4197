/// The node process: the only place where modules are joined together.
@NullMarked
package io.holdfast.node;

import org.jspecify.annotations.NullMarked;
