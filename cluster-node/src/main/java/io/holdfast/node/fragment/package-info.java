/// Fragments between nodes: the port at which this node's disks are reached, and this node's way to the
/// disks of others. It is the data path of volumes.
///
/// [io.holdfast.node.fragment.FragmentServer] answers for this node's disks;
/// [io.holdfast.node.fragment.FragmentLinks] implements the striped log's port
/// `io.holdfast.hostio.holder.FragmentHolders`: disks of this node directly, those of others over one
/// connection per node, made when first needed and given up when idle. A change of a row on one host is one
/// message there and one back. The bytes are described in `io.holdfast.node.fragment.wire`.
///
/// Invariants: only nodes that the ledger knows are let in, by certificate (mutual TLS 1.3); whoever is
/// evicted is cut; what is under way is bounded in count and bytes at both ends
/// ([io.holdfast.node.fragment.FragmentLimits]): a full server stops reading, a full link refuses; every
/// request ends by its deadline; a peer that says nothing for long is cut, and what it was asked may still
/// happen.
///
/// Threads: two platform threads per connection and side, one that reads and one that writes, since a
/// virtual thread would make the socket non-blocking, at a failed read per message. A lone small read is
/// done by the server's reading thread itself; others run on virtual threads, so that a slow disk holds up
/// no append. Futures complete on these threads or a disk's committer: do not block them.
///
/// Decisions:
/// - A port of its own instead of the peer link. That one runs on two event loops which it shares with the
///   API; a strip would be copied five times on its way, and a vote would wait behind megabytes. Here the
///   payload is copied once into the outgoing buffer, encrypted, decrypted into the frame's own buffer, and
///   handed to the store in place. What would change it: so many nodes talking to so many others that threads
///   become dear.
/// - Requests are put into the outgoing buffer by the thread that sends, many at a time; so callers never
///   wait for a socket, and requests made together leave together.
@NullMarked
package io.holdfast.node.fragment;

import org.jspecify.annotations.NullMarked;
