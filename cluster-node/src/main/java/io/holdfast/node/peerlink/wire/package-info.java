/// The bytes that nodes exchange, free of any network library.
///
/// A connection carries frames in both directions; all numbers are big-endian:
///
/// ```
///  0        4         5      6          8               16             16 + n
///  +--------+---------+------+----------+---------------+---------------+
///  | length | version | type | reserved |  correlation  |  payload (n)  |
///  +--------+---------+------+----------+---------------+---------------+
///   u32       u8        u8     u16 = 0    u64
/// ```
///
/// `length` counts the bytes behind itself: 12 to 12 +
/// [io.holdfast.node.peerlink.wire.Wire#PAYLOAD_BYTES_MAX]. A reader never allocates more than it
/// has received. The first frame each way is a HELLO; the client names the versions that it speaks,
/// the server answers with the one it chose, and every later frame carries that version. Payloads
/// by type ([io.holdfast.node.peerlink.wire.FrameType]); `text8`, `text16` are UTF-8 behind a
/// length of one or two bytes:
///
/// ```
/// HELLO     magic u32 "HFPL" | versionMin u8 | versionMax u8 | node text8
/// GOODBYE   reason text16                                      the connection closes behind it
/// PING,PONG nanos u64                                          PONG repeats PING's payload
/// PROPOSE   count u16 | count x ( correlation u64 | session u64 u64 | sequence u64 | acknowledged
/// u64
///                                 | length u32 | command )
/// OUTCOMES  count u16 | count x ( correlation u64 | code u8 | code = 0: index u64 | ordinal u32
///                                 | length u32 | reply     code > 0: detail text16 )
/// CALL      kind u16 | deadlineMillis u32 | argument           the rest of the frame
/// ANSWER    code u8 | code = 0: result, else: detail text16    the rest of the frame
/// ```
///
/// Invariants: unknown types, versions, lengths and trailing bytes are a
/// [io.holdfast.node.peerlink.wire.WireException], never anything else; whoever sees one closes the
/// connection. Rejected: a serialization library (Kryo decodes commands only, after the sender is
/// known), gRPC (a second HTTP/2 stack and several times the CPU per command). Entry classes:
/// [io.holdfast.node.peerlink.wire.FrameDecoder] and [io.holdfast.node.peerlink.wire.FrameWriter].
@NullMarked
package io.holdfast.node.peerlink.wire;

import org.jspecify.annotations.NullMarked;
