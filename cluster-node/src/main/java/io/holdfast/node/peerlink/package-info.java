/// Node-to-node calls over mutual TLS 1.3: proposals on their way to the leader, and the few
/// questions that nodes ask each other (sign a certificate request, report your status).
///
/// One connection per pair of nodes and direction, made when first needed and kept while it is
/// used. Many proposals share a frame and many frames share a write; answers come back in any
/// order. The bytes are described in `io.holdfast.node.peerlink.wire`.
///
/// Invariants: what waits is bounded in count and bytes at both ends
/// ([io.holdfast.node.peerlink.PeerLimits]); a full server stops reading, a full client refuses
/// with `UnavailableException`; every request ends by its deadline; a request that was never sent
/// fails as "did not happen", one that was sent as "outcome unknown"; a peer whose certificate is
/// no longer admitted is cut within a second. Threads: a connection is confined to one Vert.x event
/// loop; callers hand over through a bounded queue and are answered on the event loop, which they
/// must not block. Entry classes: [io.holdfast.node.peerlink.PeerServer] and
/// [io.holdfast.node.peerlink.PeerLinks].
@NullMarked
package io.holdfast.node.peerlink;

import org.jspecify.annotations.NullMarked;
