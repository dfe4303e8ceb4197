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
/// ([io.holdfast.node.app.FrozenPool]). As long as a slot of the application is free, the node that has a
/// copy claims it ahead of the request, like any other slot, and an instance stands *poised* in it
/// ([io.holdfast.node.app.Phase#POISED]): the request that wakes it asks nobody. A copy without a slot waits
/// for one.
///
/// What has volumes is saved in one cut with them and restored only on what they were then:
/// [io.holdfast.node.app.VolumeMounts] keeps them while it stands still, one command names them and makes
/// the snapshot ready, and of what was written later only that is undone which counts for nothing (because
/// all stood still since, or because somebody asked for it). Where the ledger's answer is in doubt, nothing
/// goes on before the doubt is ended: a snapshot that came to be ready afterwards would undo what was
/// written.
///
/// Invariants: no slot runs twice: what a node could not renew its lease for stands still before others may
/// claim it, and goes on only under a new claim; a request enters an instance only while that is ready, and
/// an instance is saved, put to sleep or ended only when no request is inside; of a slot there is one
/// instance here, of an instance one container. A node that starts again takes over the containers that went
/// on without it. Threads: one virtual thread per instance; the host's own thread renews and fences and
/// waits for nobody, neither an instance nor the ledger; what the catalog asks for is brought about beside
/// it, by one thread at a time. State is guarded by each instance's lock; no two are ever held.
///
/// Why a copy that wakes without the ledger runs in one place only. Whatever runs in a slot, runs under a
/// claim that the ledger accepted, and a claim is as good as the lease `app-host/NODE` under whose token it
/// was made; poised instances have no rule of their own. (1) The ledger gives the slot to another node only
/// when it was given back or the lease is over by the ledger's time. (2) It is given back, for whatever
/// reason the instance ends (the application stopped, scaled down, changed or deleted, the copy gone, the
/// node drained), by the thread that alone wakes the instance, after it has: a request either finds the
/// instance ended, or is inside before it ends and is waited for. (3) A node counts the lease as held from
/// before it asked for it, and a second and a half less: as long as clocks of nodes agree within that, also
/// those of a former and a new leader, a token that this node still has means that nobody else has the slot.
/// It is asked for before anything is let go on, again afterwards, before the instance is called ready, and
/// once more for each request that enters. A node that stood still in between (a stopped process, a long
/// collection) finds out at the second look: what it had let go on stands still again before a request is in
/// it. (4) A node that dies leaves the copy frozen: nothing thaws it but a node that has claimed its slot
/// anew. (5) The copy that is let go on is looked up under the claim: it is of the snapshot that a start
/// under this claim would take, as far as this node's copy of the catalog knows, and it is taken out of the
/// pool by one alone.
///
/// The price: a slot held for a frozen copy waits for the end of the lease if its node dies, as one that
/// runs does. Rejected: a claim that another node may take over at once, because then the first has to ask
/// before each wake, which is what it cost.
@NullMarked
package io.holdfast.node.app;

import org.jspecify.annotations.NullMarked;
