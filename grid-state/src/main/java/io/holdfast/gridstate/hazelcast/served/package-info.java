/// The whole grid of one node, put together.
@NullMarked
package io.holdfast.gridstate.hazelcast.served;

import org.jspecify.annotations.NullMarked;
