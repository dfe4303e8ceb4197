/// A place to break networks, processes and mounts in, that leaves nothing behind. Entry class:
/// [io.holdfast.chaos.sandbox.Sandbox].
///
/// A sandbox is one process namespace whose first process is a shell that runs the scenario's JVM. Network,
/// mount, host name and message-queue namespaces belong to it; names of further network namespaces stand on
/// a file system that only it sees. When the first process ends, the kernel ends all the others, and with
/// the last of them go devices, rules, mounts and namespaces. Three things end it: the scenario is over; the
/// kernel's signal to the outer process when the thread that started it dies (`PR_SET_PDEATHSIG`, passed on
/// by `unshare --kill-child`); the end of standard input. So not even `kill -9` of the harness leaves
/// anything.
@NullMarked
package io.holdfast.chaos.sandbox;

import org.jspecify.annotations.NullMarked;
