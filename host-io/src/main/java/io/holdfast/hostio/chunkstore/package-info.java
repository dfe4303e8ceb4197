/// The local part of the chunk store: fragments of chunks, kept on the disks of one machine.
///
/// A *fragment* is an append-only sequence of *strips*. It lies in *extents*, equal parts of preallocated
/// *segment* files, so that appends of all fragments on a disk become durable by one sync of one file that
/// does not grow. The layouts, each drawn in the class that reads it:
///
/// ``` superblock          StoreHeader: instance, geometry tokens              TokenFile: newest fencing
/// token per stream segment-NNNNNNNN    SegmentHeader (4 KiB) | extent 0 | extent 1 | ...
///   extent            ExtentHeader (4 KiB)  | batch | batch | ... | FragmentFooter (4 KiB)
///     batch           BatchHeader with up to 15 StripHeaders (4 KiB) | payload | payload | ...
/// ```
///
/// Everything is 4 KiB-aligned and written once between being allocated and being freed, so a torn write
/// never hurts what was acknowledged before. Nothing but these files is needed to find every strip again.
///
/// Decisions:
/// - Extents in shared files, not a file per fragment: a file each means a sync each, and a growing file's
///   sync takes several times as long. Price: a fragment's last extent is partly empty.
/// - The headers of strips appended together share one block: 256 bytes per strip under load, 4 KiB for a
///   lone one, and payloads stay aligned. Rejected: unaligned records (a 4 KiB read touches two pages) and
///   a block per strip (doubles the space of 4 KiB strips).
/// - A batch says how much was acknowledged when it was written. So a bad batch before an acknowledged one
///   is damage, and a bad one at the end is a torn tail; the last batch of all cannot be told apart locally,
///   and is reported as torn with its place for the caller to compare with other fragments.
///
/// - Segments are reserved, not written, and some of their extents are filled with zeros ahead of use, past
///   the cache. Writing a segment when it is needed kept every writer of the disk waiting for seconds. A
///   change that needs space which is not there yet is postponed; those of other fragments go past it.
///
/// Threads: one committer thread per disk writes, another prepares space; any thread reads. Lock order:
/// fragment, then index cache. Entry types: `FragmentStore`, opened by `FragmentStores`.
@NullMarked
package io.holdfast.hostio.chunkstore;

import org.jspecify.annotations.NullMarked;
