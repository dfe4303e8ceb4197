/// The chunk map: where the fragments of every chunk lie, and who may write them.
///
/// Invariants: a chunk's number is never used twice; its fragments lie in different failure places; its
/// stream's token only grows, and nothing is opened, sealed or released under an older one; a fragment's
/// place is replaced only by a verified copy; a chunk is released only when nothing in it is useful or
/// another, sealed chunk holds it.
@NullMarked
package io.holdfast.gridstate.chunkmap;

import org.jspecify.annotations.NullMarked;
