/// Who belongs to the cluster, as this node's ledger says: whom to let in
/// ([io.holdfast.node.membership.NodeRoster]), who votes ([io.holdfast.node.membership.VoterReconciler]),
/// and where to find the others at the next start.
@NullMarked
package io.holdfast.node.membership;

import org.jspecify.annotations.NullMarked;
