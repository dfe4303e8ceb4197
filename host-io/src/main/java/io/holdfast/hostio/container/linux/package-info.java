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
///     upper/ work/        what it has written; of a group, a folder for each member
///     members/ outer/     of a group, the members' roots, mounted, and what its own root is made of
///     shm/                its /dev/shm, in memory, mounted
///     tool/               the work folder of the current runc or CRIU call
///     log/                what it has printed
///     frozen, filling     marks: it stands still; its memory is not whole, and who fills it in
/// ```
///
/// Copies of one checkpoint have most pages in common. Where a restore asks for it
/// ([io.holdfast.hostio.container.RestoreRequest#circle()]), CRIU marks the private memory of the restored
/// processes for the kernel's samepage merging; whether and how fast the kernel merges is the machine's
/// setting (`/sys/kernel/mm/ksm`), which nothing here changes. Merging is a side channel: writing to a page
/// that is kept once takes longer, so whoever is in the same memory can find out what others hold. The
/// kernel has one such memory for the whole machine; so containers of one circle at a time are marked,
/// programs are refused to mark theirs, and checkpoints are kept without marks. Runtimes of one machine do
/// not know of each other: nodes that share a machine have to be one tenant's. Rejected: mapping CRIU's page
/// images copy-on-write, which would be shared at once: CRIU copies them into anonymous memory, and memory
/// mapped from a file of ours would be saved as such by the next checkpoint.
///
/// A container of one process with more than 32 MiB goes on before all its memory is there
/// ([io.holdfast.hostio.checkpoint.MemoryFill], [Filling]): what earlier copies of the same checkpoint
/// touched soon comes before ([WorkingSets]), the rest while it runs. With a working set of 20 MiB, CRIU's
/// part of restoring a Java service of 107 MiB takes 45 instead of 110 ms. The first copy on a node has all
/// of its memory before, and the second finds out what is touched, which takes a fifth longer than a whole
/// restore. The danger is that memory which nobody fills in reads as zeros: so this process holds on to the
/// kernel's descriptor, a container whose daemon failed is ended before that is let go of, and one that a
/// former node has left half filled is ended by the next. It is saved only once it is whole.
///
/// A container belongs to one cgroup from before its first process exists; ending it is ending everything in
/// that cgroup. A node that opens the folder adopts running containers, and undoes what stands recorded as
/// begun. Lock order: a container's visits (further commands share it, a checkpoint has it alone), its lock,
/// then nothing; the runtime's map is concurrent and needs none.
@NullMarked
package io.holdfast.hostio.container.linux;

import org.jspecify.annotations.NullMarked;
