/// How the cluster is, gathered for people to look at: disks, what is at risk, what volumes do, what hosts
/// can. [io.holdfast.node.survey.ClusterSurvey] asks, [io.holdfast.node.survey.NodeSurvey] answers for one
/// node; what goes between them is JSON, in which a newer node may say more than an older one understands.
///
/// Invariants: looking changes nothing and opens nothing; every answer is bounded, and says if it is not
/// everything. A node that does not answer is missing, never waited for beyond the caller's patience.
@NullMarked
package io.holdfast.node.survey;

import org.jspecify.annotations.NullMarked;
