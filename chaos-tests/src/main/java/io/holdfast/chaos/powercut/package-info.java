/// Power cuts on real file systems, by recording and replaying. Entry classes:
/// [io.holdfast.chaos.powercut.RecordedDisk], [io.holdfast.chaos.powercut.Aftermath],
/// [io.holdfast.chaos.powercut.CutDisk].
///
/// A file system lies on a device that notes every write with its bytes, and every flush, in the order in
/// which they arrive. Whoever is acknowledged something notes how many there were by then. Later any number
/// of cuts is made of one recording: what was flushed before the cut is there, of what came after, any part
/// may be, in sectors of 512 bytes; the file system replays its journal on that, and the product opens.
///
/// Needs root, loop devices and FUSE, and is used in a sandbox, whose end takes mounts, devices and
/// processes along. Nothing here knows the product.
@NullMarked
package io.holdfast.chaos.powercut;

import org.jspecify.annotations.NullMarked;
