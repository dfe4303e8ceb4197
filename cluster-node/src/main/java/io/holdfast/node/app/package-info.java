/// Applications on this node: which of their slots it holds, and the instances that run in them.
///
/// A node that runs instances holds the lease `app-host/NODE` ([io.holdfast.node.app.HostLease]) and claims
/// a slot in the ledger before it starts anything in it. [io.holdfast.node.app.Instance] brings one slot to
/// life and looks after it: restored from the newest snapshot that fits this host, or started cold and then,
/// by policy, saved before its first request; probed, restarted with growing pauses, put to sleep after a
/// while without requests. [io.holdfast.node.app.AppRouter] says where a request is handled: here, on
/// another node, or, if nowhere yet, it has the slot claimed.
///
/// What the next start of an application would be restored from may stand ready as a frozen copy
/// ([io.holdfast.node.app.FrozenPool]): it holds no slot, and who claims one lets a copy go on in it.
///
/// Invariants: no slot runs twice: what a node could not renew its lease for stands still before others may
/// claim it, and goes on only under a new claim; a request enters an instance only while that is ready, and
/// an instance is saved, put to sleep or ended only when no request is inside; of a slot there is one
/// instance here, of an instance one container. A node that starts again takes over the containers that went
/// on without it. Threads: one virtual thread per instance; the host's own thread renews, fences and
/// reconciles and never waits for an instance. State is guarded by each instance's lock; no two are ever
/// held.
@NullMarked
package io.holdfast.node.app;

import org.jspecify.annotations.NullMarked;
