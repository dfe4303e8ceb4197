/// The real containers: runc for cold starts and careful restores, CRIU directly for dumps and fast
/// restores, cgroups, network namespaces and overlay roots beneath one state folder.
///
/// ``` STATE/
///   runc/                 runc's private root
///   devices/              the harmless device files, shown to every container as /dev
///   empty/                hides masked folders
///   layers/DIGEST/        writable layers of checkpoints, unpacked once, shared by all copies
///   networks/             which subnet is ours
///   containers/ID/
///     container.json      ContainerRecord: written before each step whose traces would have to be removed
///     bundle/config.json  what runc is told
///     root/               the container's root, mounted
///     upper/ work/        what it has written
///     shm/                its /dev/shm, in memory, mounted
///     tool/               the work folder of the current runc or CRIU call
///     log/                what it has printed
/// ```
///
/// A container belongs to one cgroup from before its first process exists; ending it is ending everything in
/// that cgroup. A node that opens the folder adopts running containers, and undoes what stands recorded as
/// begun. Lock order: a container's lock, then nothing; the runtime's map is concurrent and needs none.
@NullMarked
package io.holdfast.hostio.container.linux;

import org.jspecify.annotations.NullMarked;
