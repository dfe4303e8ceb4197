/// How a node comes to belong to a cluster before it runs: it founds one
/// ([io.holdfast.node.cli.membership.NewCluster]) or joins one with a token
/// ([io.holdfast.node.cli.membership.Joining]). Both leave an identity in the node's data folder and refuse
/// a folder that has one already.
@NullMarked
package io.holdfast.node.cli.membership;

import org.jspecify.annotations.NullMarked;
