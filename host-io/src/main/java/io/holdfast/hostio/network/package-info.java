/// Networks of containers: a namespace each, joined to one bridge of this node.
///
/// Inside, every container has the same address [io.holdfast.hostio.network.ContainerNetwork#INNER_ADDRESS]
/// for itself, so that what a program remembers of it stays true in every copy, and one of its own by which
/// this machine reaches it. Containers reach this machine's end of the bridge and nothing else; not even
/// each other. Making a namespace takes several process starts, so some are kept ready.
///
/// Names are derived from the state folder, so that nodes on one machine do not meet and a successor finds
/// what a killed node left.
@NullMarked
package io.holdfast.hostio.network;

import org.jspecify.annotations.NullMarked;
