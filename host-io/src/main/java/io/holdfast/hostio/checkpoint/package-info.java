/// Checkpoints of process trees: CRIU driven as our child over its RPC, the manifest that makes a folder of
/// CRIU's files a verifiable image, and the search for what cannot be saved.
///
/// Invariants: an image is used only after its manifest has been compared with what the caller knows of it
/// and every file with the manifest; CRIU works in a mount namespace and a session of its own, under a
/// deadline, and is collected whatever happens. What an image claims about rights, mounts and devices is
/// compared with the specification of the container that is to be, never taken from it.
///
/// Decisions:
/// - RPC and not the command line: the process that CRIU forks from is put into the new container's cgroup
///   before it is asked for anything, so that no half-restored process is ever outside; and the stages it
///   reports are where a tree is examined before its first instruction.
/// - A schema-free codec of the wire format in 150 lines instead of a library with generated classes: a dozen
///   fields are used.
@NullMarked
package io.holdfast.hostio.checkpoint;

import org.jspecify.annotations.NullMarked;
