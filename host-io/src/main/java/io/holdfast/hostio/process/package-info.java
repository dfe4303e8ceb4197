/// Operating-system processes: short commands run to their end ([io.holdfast.hostio.process.ProcessRun]) and
/// daemons that outlive their starter ([io.holdfast.hostio.process.DetachedProcess]).
///
/// Invariants: never a shell between us and the command; every run has a deadline and bounded output; a
/// process is known by pid *and* start time, so that a pid used again is never mistaken for it; what is
/// killed is exactly the tree that was started. Linux only: it reads `/proc` and starts through `setsid`.
/// The only importer of `ProcessBuilder`.
@NullMarked
package io.holdfast.hostio.process;

import org.jspecify.annotations.NullMarked;
