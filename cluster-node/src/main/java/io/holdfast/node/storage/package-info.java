/// This node's disks: folders that fragments of chunks are kept in, opened from the configuration.
///
/// Each disk has a number by which the chunk map knows it, for ever: it stands in the folder itself and in a
/// list in the node's data folder, so that a disk keeps its number wherever it is mounted and no number is
/// given twice. Invariants: a disk of another node is refused; a disk that does not open, or fails later, is
/// a state that reports show, and takes only its own fragments with it. Each disk is a store of its own,
/// with its own fencing tokens, as the holders of a chunk's fragments are disks. Concurrent. Entry class:
/// [io.holdfast.node.storage.LocalDisks].
@NullMarked
package io.holdfast.node.storage;

import org.jspecify.annotations.NullMarked;
