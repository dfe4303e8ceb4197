/// Who belongs to the cluster.
///
/// Invariants: there is one cluster record, made once; a node enters only with a join token that nobody
/// used before, or as the founder; a node's number is never given out twice; at least one node stays.
@NullMarked
package io.holdfast.gridstate.cluster;

import org.jspecify.annotations.NullMarked;
