/// Virtual block devices of one machine: what a protocol such as NBD serves and a volume implements.
///
/// [io.holdfast.hostio.blockdevice.BlockDevice] is a range of bytes with blocking, concurrent operations;
/// callers bring their own threads (virtual ones where an operation may wait for other hosts). An operation
/// that returned is visible to every later operation of every caller; it is durable only if it was asked to
/// be, or after a later [io.holdfast.hostio.blockdevice.BlockDevice#flush()]. Every failure is a
/// [io.holdfast.hostio.blockdevice.BlockDeviceException], whose kind says what the caller should do.
@NullMarked
package io.holdfast.hostio.blockdevice;

import org.jspecify.annotations.NullMarked;
