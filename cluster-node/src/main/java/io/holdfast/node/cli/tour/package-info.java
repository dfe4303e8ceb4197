/// The guided tour: a cluster of three nodes on this machine, records of real files in its ledger, and what
/// becomes of them when nodes are killed. Every statement that the tour prints is checked on the spot.
///
/// [io.holdfast.node.cli.tour.Tour] runs the scenes in one thread; the writers and the witness of changes
/// have threads of their own, which end with their scene. Nothing outlives a tour, however it ends.
@NullMarked
package io.holdfast.node.cli.tour;

import org.jspecify.annotations.NullMarked;
