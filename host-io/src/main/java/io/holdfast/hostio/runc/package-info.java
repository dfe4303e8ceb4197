/// The container tool runc: the bundle it is given for a specification, and its calls.
///
/// Invariants: it always works on a root folder of ours (`--root`), so that it never meets anybody else's
/// containers; every call has a deadline. A bundle grants what the specification asks for and nothing more:
/// no capability that is not named, no new privileges, no device but the six harmless ones, kernel files
/// masked, system calls that need rights or defy checkpoints refused.
///
/// Decision: few mounts. Every file system of its own costs a checkpoint tool about five milliseconds per
/// restore, so `/dev` and `/dev/shm` are folders of this machine shown to the container, not file systems
/// that it owns; masked files are still masked.
@NullMarked
package io.holdfast.hostio.runc;

import org.jspecify.annotations.NullMarked;
