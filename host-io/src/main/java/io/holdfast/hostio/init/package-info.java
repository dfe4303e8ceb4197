/// The first program of a container of several members, and the way into one of them for a further command:
/// [io.holdfast.hostio.init.GroupInit] and [io.holdfast.hostio.init.MemberEntry] write each as a static
/// executable of a few kilobytes, made for one specification.
///
/// What such a program has to do cannot be borrowed: nothing in the members' own roots may be relied on, and
/// a program of this machine would be mapped into processes that go on at another one. It does a fixed row of
/// system calls, so it is written directly in machine code, without a compiler at build time or a binary in
/// the source tree. It begins with the few rights that it takes to enter a root and become a user, and gives
/// all of them up before it runs anything.
///
/// Decision: members are processes of one container, each in a mount namespace of its own, not containers
/// beside each other. One dump then holds all of them, with the connections, pipes and shared memory between
/// them; containers side by side would each need a dump of their own, and CRIU saves no unix socket, pipe or
/// memory of which the other end is in another dump. A changed root alone (`chroot`) would not do: CRIU binds
/// a unix socket again at its name in the root of its mount namespace. Members of one user can look into each
/// other's roots through `/proc`, as in a Kubernetes pod with one process namespace; no member can leave the
/// container. Immutable; nothing here is concurrent.
@NullMarked
package io.holdfast.hostio.init;

import org.jspecify.annotations.NullMarked;
