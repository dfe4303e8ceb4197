/// Which place each block of a volume has: trees of packed pages, shared between versions.
///
/// A page holds the places of 512 blocks, 8 bytes each; 512 pages hang on a branch, branches on a root. Each
/// page and branch belongs to one *generation*. The live version of a volume writes only what is of its own
/// generation and copies the rest first; pinning a version therefore costs nothing but a new generation for
/// what is written from then on, and a clone is a new generation on top of a pinned one.
///
/// Decisions:
/// - 8 bytes per block in whole pages instead of extents or a hash table: random 4 KiB writes make extents
///   useless, and a page is also what a checkpoint stores.
/// - A block that the cleaner moved changes its place inside shared pages, for all versions at once.
///
/// Threads: one thread at a time changes a tree, any number read it; a reader that must see a change needs
/// to have been told of it. Entry class: `MapVersion`.
@NullMarked
package io.holdfast.hostio.blockmap;

import org.jspecify.annotations.NullMarked;
