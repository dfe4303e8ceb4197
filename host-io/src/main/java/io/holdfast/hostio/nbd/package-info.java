/// A network block device server: [io.holdfast.hostio.nbd.NbdServer] gives the devices of a registry to
/// unmodified clients over unix sockets and TCP, plainly or through TLS 1.3.
///
/// Threads: one platform thread reads each connection and answers at once what the device is known to answer
/// in microseconds; what may take longer runs on its own thread of the server's executor, and its reply goes
/// out by a second platform thread of the connection. So a client that does not read its replies holds up
/// nobody else, and a slow operation holds up no fast one beside it (see [io.holdfast.hostio.nbd.Pace]).
///
/// Bounds: connections; requests and bytes in flight per connection and per server; the time of a
/// handshake, of a stalled transfer, of an idle connection. When the server's budget of bytes is used up, a
/// request is carried out in pieces through the buffers that its connection owns, so nobody waits for memory
/// that somebody else holds.
///
/// Decision: blocking reads on a platform thread instead of virtual threads for the sockets. A virtual
/// thread makes the socket non-blocking, and each read then costs a failed read, a wait and a read; at one
/// request in flight that is a third of the time. What would change it: thousands of connections per node.
@NullMarked
package io.holdfast.hostio.nbd;

import org.jspecify.annotations.NullMarked;
