/// Clusters of real node processes, and how a client speaks to them: configuration files, the command line
/// and the HTTP API, as users do; nothing of the product's code. Entry class:
/// [io.holdfast.chaos.cluster.TestCluster].
@NullMarked
package io.holdfast.chaos.cluster;

import org.jspecify.annotations.NullMarked;
