/// What clients do while things go wrong, and what it must come to: registers with compare-and-set, a set, a
/// lease, watches, all through the HTTP API of the catalogs. Each workload writes histories and hands them to
/// its judges. Entry class: [io.holdfast.chaos.workload.WorkloadRun].
@NullMarked
package io.holdfast.chaos.workload;

import org.jspecify.annotations.NullMarked;
