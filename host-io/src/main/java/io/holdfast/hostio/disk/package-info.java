/// Files and directories of one disk, as narrow as the stores above need them, so that a simulated disk can
/// stand in and fail in every way a real one may.
///
/// What is promised, and no more: bytes written are durable once [io.holdfast.hostio.disk.DiskFile#sync()]
/// returned; a file's name (created, renamed, deleted) is durable once
/// [io.holdfast.hostio.disk.Disk#syncDirectory] returned. Before that any part may or may not survive a
/// crash, in any order. A sync that failed once leaves the file's content unknown and is never retried on
/// the same file.
///
/// Threads that call this package are never interrupted: an interrupt closes a `FileChannel` for everybody.
/// Entry classes: `Disk` and `FileDisk`.
@NullMarked
package io.holdfast.hostio.disk;

import org.jspecify.annotations.NullMarked;
