/// Volumes: block devices kept in a striped log, with snapshots and clones.
///
/// A *family* is a volume, its snapshots, its clones and theirs. It has one log and one writer; blocks are
/// known in the log by member and number. What changes a family beside blocks (a member made, a snapshot
/// pinned, a range cleared) is a note in the same log, so the order of everything is the order of the log,
/// and the family can be told from its strips alone: that is how it is opened when no checkpoint of its maps
/// is whole. What the cleaner takes along keeps the sequence at which it was written first.
///
/// ``` Volume --write--> WriteBuffer --LogBatch--> LogLane ...durable...> VolumeStore.onDurable --> Family
/// (maps)
///    \--read--> WriteBuffer (not yet durable) else MapVersion (place) --> StripedLog.read
/// ```
///
/// Invariants:
/// - A write is visible once it returned, from the write buffer; it is durable once a flush returned. The
///   buffer is bounded; writers wait when it is full.
/// - The maps change in the order of the log, only by what is durable, under the family's lock.
/// - Maps are made from the log alone, and the old ones given up, only if their checkpoint is proven to be
///   damaged or not to be there. For holders that are silent opening waits, and then fails.
/// - A reader looks into the buffer first and into the map second; blocks leave the buffer after they entered
///   the map. So no reader meets neither.
///
/// Decisions:
/// - Clones stay with their family's writer. A clone elsewhere would need the family's cleaner to know the
///   places another host refers to; sharing within one writer needs nothing.
/// - Partial blocks are merged with what is there, under the buffer's lock or, if that takes a read, again
///   when the block has changed meanwhile.
///
/// Threads: callers' own, virtual ones preferred; completions of the log. Lock order: lane, then family,
/// then buffer. Entry class: `VolumeStore`.
@NullMarked
package io.holdfast.hostio.volume;

import org.jspecify.annotations.NullMarked;
