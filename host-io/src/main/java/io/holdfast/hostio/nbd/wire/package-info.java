/// The NBD protocol as bytes: constants, and pure decoders and encoders without sockets, threads or devices.
///
/// The reference is `doc/proto.md` of the NBD project
/// (<https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md>); section names in comments are
/// its. All numbers are big-endian. Arbitrary bytes give a value or a named refusal, never an exception.
@NullMarked
package io.holdfast.hostio.nbd.wire;

import org.jspecify.annotations.NullMarked;
