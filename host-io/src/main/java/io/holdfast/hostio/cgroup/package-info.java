/// Control groups of this machine, version 1 (also hybrid) and 2: limits, freezing, usage, and exactly which
/// processes belong to a container.
///
/// [io.holdfast.hostio.cgroup.Cgroups] says where they are; a [io.holdfast.hostio.cgroup.Cgroup] is one of
/// ours by its path, the same in every hierarchy. The membership of a cgroup survives everything its
/// processes do and the death of whoever started them, so it is what "all of a container" means here.
@NullMarked
package io.holdfast.hostio.cgroup;

import org.jspecify.annotations.NullMarked;
