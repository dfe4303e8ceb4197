/// The node's metrics: one Micrometer registry, in Prometheus' text form. The only place where a
/// registry is made and where meters are registered. Entry class:
/// [io.holdfast.node.metrics.NodeMetrics].
@NullMarked
package io.holdfast.node.metrics;

import org.jspecify.annotations.NullMarked;
