/// How nodes get in: a joiner shows its token at any node, a node that holds the authority's key signs, and
/// the ledger admits. Also how certificates are renewed and how the authority's key reaches every voter.
///
/// The authority's key is on the voters' disks and nowhere else: not in the ledger, not in the grid.
@NullMarked
package io.holdfast.node.admission;

import org.jspecify.annotations.NullMarked;
