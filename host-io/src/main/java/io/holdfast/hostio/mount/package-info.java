/// Mounts of this machine and the folders below which they hang.
///
/// Invariants: what is unmounted or deleted lies below a folder that the caller names; mounts go deepest
/// first; a folder below which anything is still mounted is never deleted, and deleting never enters another
/// file system or follows a link. A killed tool may leave live parts of the machine mounted below its work
/// folder, so a plain recursive delete would reach into them.
@NullMarked
package io.holdfast.hostio.mount;

import org.jspecify.annotations.NullMarked;
