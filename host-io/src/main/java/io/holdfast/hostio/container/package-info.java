/// Containers of one machine, as their users see them: started from a specification, watched, frozen,
/// checkpointed into a folder and restored from one as often as wanted.
///
/// This package holds the words only: [io.holdfast.hostio.container.ContainerRuntime] and what goes in and
/// out of it. The real runtime (runc, CRIU, cgroups, namespaces) lives in the packages beside it; an
/// in-memory one passes the same contract test. Everything here is immutable but the two interfaces
/// `Container` and `ContainerRuntime`, whose methods any thread may call at any time: operations on one
/// container happen one after the other, operations on different ones do not wait for each other.
///
/// Decisions:
/// - A checkpoint is a plain folder with a manifest, so that whoever stores it needs no knowledge of CRIU.
/// - A restore takes the specification the new container is to have. The image never says what it may do:
///   what it claims is compared with that specification and refused if it differs.
/// - Every failure is a [io.holdfast.hostio.container.ContainerException] whose kind says what the caller
///   should do. An interrupt ends the running tool and comes out as one too, with the flag set again.
@NullMarked
package io.holdfast.hostio.container;

import org.jspecify.annotations.NullMarked;
