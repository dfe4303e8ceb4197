/// The grid: the served, in-memory, partitioned copy of the catalogs.
@NullMarked
package io.holdfast.gridstate.hazelcast;

import org.jspecify.annotations.NullMarked;
