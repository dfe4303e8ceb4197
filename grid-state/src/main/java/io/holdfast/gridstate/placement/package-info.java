/// Where the instances of applications run. An application has numbered slots, as many as its scaling
/// allows; a node that runs instances claims a slot before it starts anything in it.
///
/// Invariants: a slot belongs to one node at a time, told by the token of the node's lease `app-host/NODE`;
/// it changes hands only when it was given back or that lease is no longer held under that token. A node
/// that could not renew its lease stops its instances before the lease runs out, so no slot ever runs
/// twice. A claim is refused for an application that is stopped, and for another generation than the newest.
@NullMarked
package io.holdfast.gridstate.placement;

import org.jspecify.annotations.NullMarked;
