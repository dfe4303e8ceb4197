/// Benchmarks of a whole cluster, run by hand against running processes; the figures in the README come from
/// here.
@NullMarked
package io.holdfast.node.benchmark;

import org.jspecify.annotations.NullMarked;
