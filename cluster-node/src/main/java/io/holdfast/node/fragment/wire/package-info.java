/// The bytes that holders of fragments and their callers exchange, free of sockets.
///
/// Both directions carry frames; all numbers are little-endian, as on disk:
///
/// ```
///  0        4      5          6       8               16             16 + n
///  +--------+------+----------+-------+---------------+---------------+
///  | length | kind | zero     | disk  |  correlation  |  payload (n)  |
///  +--------+------+----------+-------+---------------+---------------+
///   u32      u8     u8         u16     u64
/// ```
///
/// `length` counts the bytes behind itself. The first frame each way is a HELLO: the client names the
/// versions that it speaks, the server the one it chose. `fragment` is chunk u64 u64 | index u8; `strip` is
/// a strip's header, 256 bytes, as on disk, with its own checksum; `text` is UTF-8 behind a length u16:
///
/// ``` HELLO          magic u32 "HFFR" | versionMin u8 | versionMax u8 | node text PING           nothing;
/// the answer is DONE INSTALL_TOKEN  stream u64 | token u64 CREATE         fragment | token u64 | k u8 | m
/// u8 APPEND         fragment | token u64 | count u16 | count x strip | their payloads SEAL fragment | token
/// u64 | rowLimit u32 DELETE         fragment | token u64 READ           count u16 | count x ( fragment |
/// row u32 | firstBlock u8 | blockCount u8 ) STATUS         fragment HEADERS        fragment
/// | fromRow u32 | count u16 FRAGMENTS      isAfter u8 | fragment, if so | count u16
///
/// DONE           nothing STRIPS         count u16 | count x ( 0 u8 | strip | length u32  or  refusal ) |
/// the bytes of those found STATUSES       count u16 | count x ( fragment | k u8 | m u8 | state u8 |
/// rowLimit u32 | strips u32
///                | payload u64 | extents u32 )
/// HEADER_PAGE    nextRow u32 | count u16 | count x strip REFUSED        refusal refusal        code u8 |
/// text | CORRUPT: disk text | file text | position u64, FENCED: stream, token, newest ```
///
/// Payloads are neither copied nor looked at here: a decoded one is a part of the frame's own buffer.
/// Invariant: arbitrary bytes give a value or a [io.holdfast.node.fragment.wire.FragmentWireException], and
/// no more memory than a small multiple of their number. Entry classes:
/// [io.holdfast.node.fragment.wire.FragmentRequest] and [io.holdfast.node.fragment.wire.FragmentAnswer].
@NullMarked
package io.holdfast.node.fragment.wire;

import org.jspecify.annotations.NullMarked;
